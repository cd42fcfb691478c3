// The fields of a message under the names of the schema. What a reader of JSON does not need to
// see is left out: empty text, absent options, lists without elements.
extension JSONBytes: FieldVisitor {
    /// Writes a message as an object.
    @inlinable
    package mutating func object(_ message: some Message) {
        let base = beginObject()
        var copy = message
        do throws(WireError) {
            try copy.visit(&self)
        } catch {
            preconditionFailure("reading fields decodes nothing, yet threw \(error)")
        }
        endObject(base)
    }

    @usableFromInline
    mutating func member(_ name: StaticString, _ value: Int64) {
        beginMember(name)
        number(value)
        endMember()
    }

    @usableFromInline
    mutating func member(_ name: StaticString, _ value: Bool) {
        beginMember(name)
        raw(value ? "true" : "false")
        endMember()
    }

    @usableFromInline
    mutating func member(_ name: StaticString, _ value: String) {
        beginMember(name)
        string(value)
        endMember()
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64) {
        member(name, Int64(clamping: value))
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64?) {
        if let value { member(name, Int64(clamping: value)) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64) {
        member(name, value)
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64?) {
        if let value { member(name, value) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool) {
        member(name, value)
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool?) {
        if let value { member(name, value) }
    }

    /// No record has such a field but the ones that write themselves.
    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Double?) {
        precondition(value == nil, "a record with a number of this kind must write its own JSON")
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String) {
        if !value.isEmpty { member(name, value) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String?) {
        if let value { member(name, value) }
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [String]) {
        if value.isEmpty { return }
        beginMember(name)
        beginList()
        for text in value {
            string(text)
            endMember()
        }
        endList(isEmpty: false)
        endMember()
    }

    @inlinable
    package mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [UInt8]) {
        if value.isEmpty { return }
        beginMember(name)
        hex(value.span)
        endMember()
    }

    @inlinable
    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E
    ) {
        beginMember(name)
        caseName(value)
        endMember()
    }

    @inlinable
    package mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E?
    ) {
        guard let value else { return }
        beginMember(name)
        caseName(value)
        endMember()
    }

    /// Writes the name that an enumeration's case has in Swift.
    @inlinable
    package mutating func caseName<E: WireEnum>(_ value: E) {
        let type = ObjectIdentifier(E.self)
        if let name = caseNames[type]?[value.rawValue] { return raw(name) }
        let name = Array("\"\(value)\"".utf8)
        caseNames[type, default: [:]][value.rawValue] = name
        raw(name)
    }

    @inlinable
    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M
    ) {
        beginMember(name)
        value.writeJSON(to: &self)
        endMember()
    }

    @inlinable
    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout M?
    ) {
        guard let value else { return }
        beginMember(name)
        value.writeJSON(to: &self)
        endMember()
    }

    @inlinable
    package mutating func field<M: Message>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout [M]
    ) {
        if value.isEmpty { return }
        beginMember(name)
        beginList()
        for element in value {
            element.writeJSON(to: &self)
            endMember()
        }
        endList(isEmpty: false)
        endMember()
    }
}
