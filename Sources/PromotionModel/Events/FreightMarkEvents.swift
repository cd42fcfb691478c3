package import Wire

/// Freight was given another alias.
package struct FreightAliased: Message, Hashable {
    package var freight = FreightID(unchecked: "")
    package var alias = ""
    /// The alias that it had.
    package var before = ""
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "freight", &freight)
        try visitor.field(2, "alias", &alias)
        try visitor.field(3, "before", &before)
        try visitor.field(4, "reason", &reason)
    }
}

/// Something was noted on freight under a key (Kargo's freight metadata).
package struct FreightMetadataSet: Message, Hashable {
    package var freight = FreightID(unchecked: "")
    package var key = ""
    package var value = ValueMessage()
    /// The promotion whose step noted it; nil where a person did.
    package var promotion: PromotionName?
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "freight", &freight)
        try visitor.field(2, "key", &key)
        try visitor.field(3, "value", &value)
        try visitor.field(4, "promotion", &promotion)
        try visitor.field(5, "reason", &reason)
    }
}

/// Somebody let a stage or junction have freight that did not pass what stands before it.
package struct FreightApproved: Message, Hashable {
    package var freight = FreightID(unchecked: "")
    /// The stage or junction, such as `stage/prod`.
    package var consumer = Subject(unchecked: "")
    /// Why, in the words of who approved.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "freight", &freight)
        try visitor.field(2, "consumer", &consumer)
        try visitor.field(3, "reason", &reason)
    }
}

/// Somebody took an approval back.
package struct ApprovalRevoked: Message, Hashable {
    package var freight = FreightID(unchecked: "")
    /// The stage or junction, such as `stage/prod`.
    package var consumer = Subject(unchecked: "")
    /// Why, in the words of who took it back.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "freight", &freight)
        try visitor.field(2, "consumer", &consumer)
        try visitor.field(3, "reason", &reason)
    }
}

/// Freight must not go anywhere any more, nor any bundle that holds it.
package struct FreightQuarantined: Message, Hashable {
    package var freight = FreightID(unchecked: "")
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "freight", &freight)
        try visitor.field(2, "reason", &reason)
    }
}

/// Freight that was quarantined may go on.
package struct QuarantineLifted: Message, Hashable {
    package var freight = FreightID(unchecked: "")
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "freight", &freight)
        try visitor.field(2, "reason", &reason)
    }
}
