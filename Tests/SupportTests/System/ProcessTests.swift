import Foundation
import Testing

@testable import Support

struct ProcessIdentityTests {
  private func identity(
    _ own: ProcessIdentity = .current, number: Int32? = nil, host: String? = nil, boot: String? = nil,
    namespace: String? = nil, start: UInt64? = nil
  ) -> ProcessIdentity {
    ProcessIdentity(
      number: number ?? own.number, host: host ?? own.host, boot: boot ?? own.boot,
      namespace: namespace ?? own.namespace, start: start ?? own.start)
  }

  @Test func `this process runs, and an earlier one of its number does not`() {
    let own = ProcessIdentity.current
    #expect(own.number == getpid() && own.start > 0 && !own.host.isEmpty && !own.boot.isEmpty)
    #expect(own == .current && own.isRunning == true)
    #expect(identity(start: own.start - 1).isRunning == false)
  }

  @Test func `of another machine, another start of this one or another container nothing is known`() {
    #expect(identity(host: "elsewhere").isRunning == nil)
    #expect(identity(boot: "another").isRunning == nil)
    #expect(identity(namespace: "pid:[1]").isRunning == nil)
    #expect(identity(boot: "").isRunning == nil)
    #expect(identity(number: 0).isRunning == nil && identity(number: -1).isRunning == nil)
  }

  @Test func `a process runs until it has ended, waited for or not`() throws {
    var number: pid_t = 0
    let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
    defer { for argument in arguments { free(argument) } }
    let result = posix_spawnp(&number, "sleep", nil, nil, arguments, environ)
    try #require(result == 0)
    let child = ProcessIdentity(number: number)
    #expect(child.isRunning == true)
    kill(number, SIGKILL)
    // It stays there as a zombie: that it has ended is seen before anybody waits for it.
    let deadline = Date().addingTimeInterval(60)
    while child.isRunning == true && Date() < deadline { usleep(1000) }
    #expect(child.isRunning == false && kill(number, 0) == 0)
    waitpid(number, nil, 0)
    #expect(child.isRunning == false)
  }
}

struct InterruptionTests {
  @Test func `a wish is granted once`() {
    let interruption = Interruption()
    #expect(!interruption.takeCheckpointRequest() && !interruption.takeSamplesRequest())
    interruption.requestCheckpoint()
    #expect(interruption.takeCheckpointRequest() && !interruption.takeCheckpointRequest())
    #expect(!interruption.takeSamplesRequest())
    interruption.requestCheckpoint(samples: true)
    #expect(interruption.takeSamplesRequest() && interruption.takeCheckpointRequest())
    #expect(!interruption.takeSamplesRequest() && interruption.requested == nil)
  }
}
