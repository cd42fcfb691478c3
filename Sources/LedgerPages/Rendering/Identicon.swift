import EventLog
import PromotionModel

/// A small picture of an id, so that the same freight is seen to be the same.
///
/// Five by five cells, mirrored, in one of twelve hues. It says who, never how.
struct Identicon {
    /// 0 to 11.
    let hue: Int
    /// The cells as an SVG path in a box of 5 by 5.
    let cells: String

    init(of freight: FreightID) {
        let bytes = Digest.sha256(Array(freight.rawValue.utf8)).bytes
        hue = Int(bytes[2]) % 12
        let bits = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        var path = ""
        for column in 0..<3 {
            for row in 0..<5 where bits >> UInt16(column * 5 + row) & 1 == 1 {
                path += "M\(column) \(row)h1v1h-1z"
                if column < 2 { path += "M\(4 - column) \(row)h1v1h-1z" }
            }
        }
        cells = path.isEmpty ? "M2 2h1v1h-1z" : path
    }
}
