import Foundation
import Testing

@testable import LedgerServer

/// The Date field of answers.
@Suite struct DateFieldTests {
    @Test(arguments: [
        // The example of RFC 9110, section 5.6.7.
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
    ])
    func `a time is told as HTTP tells it`(second: Int64, expected: String) {
        #expect(DateField.text(ofSecond: second) == expected)
    }

    @Test func `an answer says when it was made`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await RunningServer.serve(place) { server in
            let before = Date.now.addingTimeInterval(-1)
            let answer = try server.http.send("GET", "/health")
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
            let told = try #require(format.date(from: answer.headers["date"] ?? ""))
            #expect(told >= before && told <= Date.now)
        }
    }
}
