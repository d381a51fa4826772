// swift-format-ignore-file
// Made by Scripts/make-metric-references; do not edit.

extension MetricReference {
  static let all: [MetricReference] = [
    MetricReference(width: 32, height: 24, hole: "box", roughness: 60, values: [
      ("l1", 0.01120132081, 0.07965383684),
      ("l2", 0.001315646493, 0.009355708393),
      ("psnr", 28.80860788, 20.28923323),
      ("ssim", 0.7572627876, 0.4598611579),
      ("total_variation", 0.1539133567, 0.09769426289),
      ("seam", 0.07258014317, 0.07258014317),
    ]),
    MetricReference(width: 40, height: 33, hole: "corner", roughness: 12, values: [
      ("l1", 0.001178451178, 0.01481481481),
      ("l2", 2.620592701e-05, 0.0003294459396),
      ("psnr", 45.81600473, 34.82215841),
      ("ssim", 0.9979912487, 0.8832325854),
      ("total_variation", 0.05053034588, 0.02630563336),
      ("seam", 0.01732026144, 0.01732026144),
    ]),
    MetricReference(width: 21, height: 48, hole: "stripes", roughness: 75, values: [
      ("l1", 0.03599569457, 0.09886555894),
      ("l2", 0.005239961635, 0.01439204721),
      ("psnr", 22.80671893, 18.41877425),
      ("ssim", 0.7243219762, 0.7175709369),
      ("total_variation", 0.2063814308, 0.2054320922),
      ("seam", 0.1027070908, 0.1027070908),
    ]),
    MetricReference(width: 11, height: 11, hole: "stripes", roughness: 30, values: [
      ("l1", 0.01570788095, 0.04319667261),
      ("l2", 0.001014485846, 0.002789836077),
      ("psnr", 29.93754008, 25.54421314),
      ("ssim", 0.7597766255, 0.7735589348),
      ("total_variation", 0.08135472371, 0.08258169935),
      ("seam", 0.04129084967, 0.04129084967),
    ]),
  ]
}
