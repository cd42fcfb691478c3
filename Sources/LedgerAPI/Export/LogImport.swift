import EventLog
import Expressions
import Ledger
import Wire

/// Makes a log of an export's lines, which it is handed one after the other.
///
/// Of each event it takes the stored bytes alone; what they say beside them is only a part of what
/// the last line has a hash of.
struct LogImport: ~Copyable {
    private let path: String
    private let options: LogOptions
    /// The id that the new ledger has; nil for the one that the export names.
    private let id: LedgerID?
    private var builder: LogBuilder?
    private var head: ExportHead?
    private var end: ExportEnd?
    private var event = ExportedEvent()
    private var hash = DigestStream()
    private var lineNumber: UInt64 = 0

    /// An import into a directory that is there and empty.
    init(into path: String, id: LedgerID?, options: LogOptions) {
        self.path = path
        self.id = id
        self.options = options
    }

    /// Takes the next line, without its line break.
    mutating func take(_ line: Span<UInt8>) throws(ImportFailure) {
        lineNumber += 1
        guard end == nil else { throw wrong("follows the last line") }
        guard let head else { return try begin(line) }
        guard size < head.last.rawValue else {
            return try takeEnd(line, head)
        }
        try takeEvent(line)
        add(line)
    }

    /// Ends the log, and compares it with what the first and the last line say.
    mutating func finish() throws(ImportFailure) -> ImportResult {
        guard let head, let end else {
            let what = head == nil ? "has nothing of an export" : "is missing: the file was cut off"
            throw .line(lineNumber + 1, what: what)
        }
        let made = try fromBuilder { builder throws(LogBuildError) in try builder.finish() }
        guard end.digest == hash.digest else {
            throw .changed(
                lineNumber,
                what: "has another SHA-256 than the lines before it: one of them was changed"
            )
        }
        guard made.root == head.root else {
            throw .changed(1, what: "has another root than the events")
        }
        return ImportResult(
            id: id ?? head.ledger,
            head: made.head,
            root: made.root,
            origin: head.origin,
            checkpoint: end.checkpoint
        )
    }

    /// Makes the projections of the finished log, and brings everything to disk.
    func project(_ progress: (UInt64, UInt64) -> Void) throws(ImportFailure) {
        do throws(LedgerError) {
            switch builder {
            case .some(let builder): try builder.project(progress: progress)
            case .none: preconditionFailure("the log is made first")
            }
        } catch {
            throw .ledger(error)
        }
    }

    // MARK: - Inside

    private var size: UInt64 {
        switch builder {
        case .some(let builder): builder.size
        case .none: 0
        }
    }

    private func wrong(_ what: String) -> ImportFailure { .line(lineNumber, what: what) }

    private mutating func add(_ line: Span<UInt8>) {
        let lineBreak: InlineArray<1, UInt8> = [10]
        hash.update(line)
        hash.update(lineBreak.span)
    }

    private mutating func begin(_ line: Span<UInt8>) throws(ImportFailure) {
        let head = try ExportHead(line)
        guard head.first.rawValue == 1 else {
            throw .unsuitable(
                "it begins with event \(head.first), and only one that begins with event #1 can "
                    + "be imported; make one without --from"
            )
        }
        self.head = head
        do throws(EventLogError) {
            builder = try LogBuilder(at: path, id: id ?? head.ledger, options: options)
        } catch {
            throw .ledger(.log(error))
        }
        add(line)
    }

    private mutating func takeEvent(_ line: Span<UInt8>) throws(ImportFailure) {
        let next = Position(rawValue: size + 1)
        guard event.read(line) else {
            throw wrong("is not the line of event \(next): it is changed, or lines are missing")
        }
        guard event.position == next.rawValue else {
            throw wrong(
                "has event \(Position(rawValue: event.position)), where \(next) belongs: a line is "
                    + "missing, repeated or in another order"
            )
        }
        let (header, body) = (event.header, event.body)
        _ = try fromBuilder { builder throws(LogBuildError) in
            try builder.appendStored(header: header.span, body: body.span)
        }
    }

    private mutating func takeEnd(
        _ line: Span<UInt8>,
        _ head: ExportHead
    ) throws(ImportFailure) {
        guard let end = ExportEnd(line) else {
            throw wrong("is not the last line, which belongs behind event \(head.last)")
        }
        guard end.eventCount == head.eventCount else {
            throw wrong("tells of \(end.eventCount) events, and there are \(head.eventCount)")
        }
        self.end = end
    }

    /// Runs `body` on the log that is made; a rule that an event breaks is told with its line.
    private mutating func fromBuilder<T>(
        _ body: (inout LogBuilder) throws(LogBuildError) -> T
    ) throws(ImportFailure) -> T {
        guard var taken = builder.take() else {
            preconditionFailure("lines of events come behind the first line")
        }
        do throws(LogBuildError) {
            let result = try body(&taken)
            builder = consume taken
            return result
        } catch {
            switch error {
            // Event #1 is on the second line.
            case .unsound(let position, let what): throw .line(position.rawValue + 1, what: what)
            case .log(let error): throw .ledger(.log(error))
            }
        }
    }
}

extension ExportHead {
    /// Reads the first line.
    ///
    /// - Throws: `.line(1, …)` unless it is written exactly as this program writes it.
    init(_ line: Span<UInt8>) throws(ImportFailure) {
        let foreign = ImportFailure.line(1, what: "is not the first line of an export")
        let text = String(copying: line)
        guard let text, let value = try? Value(json: text), value.text("waybill") == "export",
            let version = value.number("version")
        else { throw foreign }
        guard version == Self.version else {
            throw .unsuitable(
                "it is of version \(version) of the format, and this program knows version "
                    + "\(Self.version); install a newer waybill"
            )
        }
        guard let ledger = value.text("ledger").flatMap({ LedgerID(parsing: $0) }),
            let origin = value.text("origin"), let first = value.number("first"), first > 0,
            let last = value.number("last"), last >= first - 1,
            let root = value.text("root").flatMap({ Digest(hex: $0) }),
            let before = value.text("before").flatMap({ Digest(hex: $0) })
        else { throw foreign }
        self.init(
            ledger: ledger,
            origin: origin,
            first: Position(rawValue: first),
            last: Position(rawValue: last),
            root: root,
            before: before,
            peaks: value.list("peaks").compactMap { Digest(hex: $0) }
        )
        var json = JSONBytes()
        write(to: &json)
        guard json.isLine(line) else { throw foreign }
    }
}

extension ExportEnd {
    /// Reads the last line; nil unless it is written exactly as this program writes it.
    init?(_ line: Span<UInt8>) {
        guard let text = String(copying: line), let value = try? Value(json: text),
            value.text("waybill") == "end", let count = value.number("events"),
            let digest = value.text("sha256").flatMap({ Digest(hex: $0) })
        else { return nil }
        self.init(eventCount: count, digest: digest, checkpoint: value.text("checkpoint"))
        var json = JSONBytes()
        write(to: &json)
        guard json.isLine(line) else { return nil }
    }
}

extension JSONBytes {
    /// Whether what was written is this line, with its line break.
    func isLine(_ line: Span<UInt8>) -> Bool {
        guard bytes.count == line.count + 1 else { return false }
        for index in line.indices where bytes[index] != line[index] { return false }
        return true
    }
}

extension String {
    /// Text of UTF-8; nil if the bytes are none.
    fileprivate init?(copying bytes: Span<UInt8>) {
        guard let text = try? UTF8Span(validating: bytes) else { return nil }
        self.init(copying: text)
    }
}

extension Value {
    fileprivate func member(_ name: String) -> Value? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    fileprivate func text(_ name: String) -> String? {
        guard case .string(let text) = member(name) else { return nil }
        return text
    }

    fileprivate func list(_ name: String) -> [String] {
        guard case .array(let elements) = member(name) else { return [] }
        return elements.compactMap { element in
            if case .string(let text) = element { text } else { nil }
        }
    }

    fileprivate func number(_ name: String) -> UInt64? {
        guard case .int(let number) = member(name) else { return nil }
        return UInt64(exactly: number)
    }
}
