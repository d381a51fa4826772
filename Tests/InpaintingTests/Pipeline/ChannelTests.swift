import Foundation
import Testing

@testable import Inpainting

struct ChannelTests {
  @Test func `elements arrive in the order they were sent in, however few fit in`() {
    let channel = Channel<Int>(capacity: 2)
    Thread { for number in 0..<1000 { channel.send(number) } }.start()
    #expect((0..<1000).map { _ in channel.receive() } == Array(0..<1000))
  }

  @Test func `a channel may be dropped with elements in it`() {
    let channel = Channel<Int>(capacity: 3)
    channel.send(1)
    channel.send(2)
    #expect(channel.receive() == 1)
  }
}
