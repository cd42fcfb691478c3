import Foundation
import Testing

/// The systemd unit in `tools/`.
@Suite struct UnitTests {
    private static let hasSystemd = FileManager.default.isExecutableFile(
        atPath: "/usr/bin/systemd-analyze"
    )

    @Test(.enabled(if: hasSystemd, "systemd-analyze is not here"))
    func `the unit is one that systemd takes, with little that it may do`() async throws {
        let folder = try TemporaryDirectory()
        let unit = try Files.text(Program.root + "/tools/waybill.service")
            .replacingOccurrences(of: "/usr/local/bin/waybill", with: Program.waybill)
        try Files.write(unit, to: folder.sub("waybill.service"))
        let verified = try await Program.run(
            "systemd-analyze",
            ["verify", "./waybill.service"],
            in: folder.path
        )
        #expect(verified.code == 0 && verified.errors.isEmpty, "\(verified.errors)")
        let security = try await Program.run(
            "systemd-analyze",
            ["security", "--offline=true", "--threshold=20", "./waybill.service"],
            in: folder.path
        )
        #expect(security.code == 0, "\(security.output.suffix(200)) \(security.errors)")
    }
}
