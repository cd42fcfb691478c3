import Matching

/// The functions that write values as text and read them back, and those of versions and dates.
enum CodingFunctions {
    static func value(_ function: Functions, _ call: FunctionCall) throws(ExpressionError) -> Value
    {
        switch function {
        case .toJSON: return .string(call[0].indentedJSON)
        case .fromJSON:
            do {
                return try Value(json: call.text(0))
            } catch {
                throw ExpressionError("fromJSON() cannot read its argument: \(error.message)")
            }
        case .toBase64: return .string(Base64.encoded(Array(try call.text(0).utf8)))
        case .fromBase64:
            guard let bytes = Base64.decoded(try call.text(0)),
                let text = String(validating: bytes, as: UTF8.self)
            else { throw ExpressionError("fromBase64() wants the base64 form of a text") }
            return .string(text)
        // The outer quotes keep a template from making anything but text of it.
        case .quote:
            let text = call[0].json
            return .string(call[0].stringValue == nil ? "\"\(text)\"" : text)
        case .unsafeQuote: return .string("\"\(call[0].json)\"")
        case .asYAML: return .string("\"\(call[0].yaml)\"")
        case .asJSON: return .string("\"\(call[0].indentedJSON)\n\"")
        case .semverParse:
            let text = try call.text(0)
            guard let version = SemanticVersion(lenient: text) else {
                throw ExpressionError("\"\(text)\" is not a semantic version")
            }
            return .string(version.description)
        case .date:
            let text = try call.text(0)
            guard let moment = MomentText(lenient: text) else {
                throw ExpressionError(
                    "\"\(text)\" is no date such as 2026-01-31 or 2026-01-31T12:00:00Z"
                )
            }
            return .string(moment.text)
        case .semverDiff: return .string(difference(try call.text(0), try call.text(1)))
        default: fatalError("\(function.rawValue) is no coding function")
        }
    }

    /// The greatest part in which two versions differ; prereleases are not looked at.
    private static func difference(_ first: String, _ second: String) -> String {
        guard let first = SemanticVersion(lenient: first),
            let second = SemanticVersion(lenient: second)
        else { return "Incomparable" }
        if first.major != second.major { return "Major" }
        if first.minor != second.minor { return "Minor" }
        if first.patch != second.patch { return "Patch" }
        return first.build == second.build ? "None" : "Metadata"
    }
}

/// The methods of texts that are times, or semantic versions: what `semverParse()` gives in Kargo.
enum Methods {
    static func call(
        _ name: String,
        on value: Value,
        _ arguments: [Value]
    ) throws(ExpressionError) -> Value {
        guard !value.isNull else { throw ExpressionError("\(name)() is asked of null") }
        if let moment = value.stringValue.flatMap(MomentText.init(exactly:)) {
            return try TimeMethods.call(name, on: moment, arguments)
        }
        guard case .string(let text) = value, let version = SemanticVersion(lenient: text) else {
            throw ExpressionError("\(value.kindName) has no method \(name)()")
        }
        if arguments.count == 1, let other = arguments[0].stringValue,
            let other = SemanticVersion(lenient: other)
        {
            switch name {
            case "Compare": return .int(version < other ? -1 : version == other ? 0 : 1)
            case "LessThan": return .bool(version < other)
            case "GreaterThan": return .bool(other < version)
            case "Equal": return .bool(version == other)
            default: break
            }
        }
        guard arguments.isEmpty else {
            throw ExpressionError("a version has no method \(name)() with such arguments")
        }
        switch name {
        case "Major": return .int(Int64(clamping: version.major))
        case "Minor": return .int(Int64(clamping: version.minor))
        case "Patch": return .int(Int64(clamping: version.patch))
        case "Prerelease": return .string(version.prerelease)
        case "Metadata": return .string(version.build)
        case "IncMajor": return .string(version.nextMajor.description)
        case "IncMinor": return .string(version.nextMinor.description)
        case "IncPatch": return .string(version.nextPatch.description)
        case "String": return .string(version.description)
        default: throw ExpressionError("a version has no method \(name)()")
        }
    }
}
