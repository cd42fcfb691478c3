import CPCRE2

/// A regular expression with RE2's syntax, matched anywhere in the text.
///
/// PCRE2 does the matching, with limits on steps, depth and heap, so that no pattern can take
/// more than about 10 ms; RE2's promise of linear time is not needed for that. What RE2 does not
/// know (backreferences, lookaround, atomic groups) is refused, so a pattern means the same
/// here as in Kargo.
@safe package final class RegularExpression: Sendable {
    /// As it was written.
    package let pattern: String

    /// The compiled program; PCRE2 only reads it after compilation, from any thread.
    private nonisolated(unsafe) let code: OpaquePointer
    /// The limits of a match; only read after `init`, from any thread.
    private nonisolated(unsafe) let limits: OpaquePointer

    /// Compiles `pattern`.
    package init(_ pattern: String) throws(MatchingError) {
        self.pattern = pattern
        let translated = try RE2Syntax.translated(pattern)
        unsafe code = try Self.compile(translated, writtenAs: pattern)
        guard let context = unsafe pcre2_match_context_create_8(nil) else {
            fatalError("no memory for a PCRE2 match context")
        }
        unsafe pcre2_set_match_limit_8(context, MatchingLimits.matchStepsMax)
        unsafe pcre2_set_depth_limit_8(context, MatchingLimits.matchDepthMax)
        unsafe pcre2_set_heap_limit_8(context, MatchingLimits.matchHeapKiBMax)
        unsafe limits = context
    }

    deinit {
        unsafe pcre2_code_free_8(code)
        unsafe pcre2_match_context_free_8(limits)
    }

    /// Whether the pattern matches somewhere in `text`.
    ///
    /// - Throws: `.tooExpensive` when a limit is reached.
    package func matches(_ text: String) throws(MatchingError) -> Bool {
        guard let data = unsafe pcre2_match_data_create_8(1, nil) else {
            fatalError("no memory for PCRE2 match data")
        }
        defer { unsafe pcre2_match_data_free_8(data) }
        var text = text
        // A Swift string is always well-formed, so PCRE2 need not look again.
        let result = text.withUTF8 { bytes in
            unsafe pcre2_match_8(
                code,
                bytes.baseAddress,
                bytes.count,
                0,
                PCRE2_NO_UTF_CHECK,
                data,
                limits
            )
        }
        if result >= 0 { return true }
        if result == PCRE2_ERROR_NOMATCH { return false }
        throw .tooExpensive(pattern: pattern)
    }

    private static func compile(
        _ translated: String,
        writtenAs pattern: String
    ) throws(MatchingError) -> OpaquePointer {
        guard let context = unsafe pcre2_compile_context_create_8(nil) else {
            fatalError("no memory for a PCRE2 compile context")
        }
        defer { unsafe pcre2_compile_context_free_8(context) }
        unsafe pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
        unsafe pcre2_set_parens_nest_limit_8(context, MatchingLimits.groupDepthMax)
        var failure: CInt = 0
        var offset = 0
        var text = translated
        // `$` is the end of the text only, as in RE2.
        let options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C
        let code = text.withUTF8 { bytes in
            unsafe pcre2_compile_8(
                bytes.baseAddress,
                bytes.count,
                options,
                &failure,
                &offset,
                context
            )
        }
        guard let code = unsafe code else {
            throw .regularExpression(
                pattern: pattern,
                offset: min(offset, pattern.utf8.count),
                reason: message(of: failure)
            )
        }
        return unsafe code
    }

    private static func message(of code: CInt) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = unsafe buffer.withUnsafeMutableBufferPointer { bytes in
            unsafe pcre2_get_error_message_8(code, bytes.baseAddress, bytes.count)
        }
        guard length > 0 else { return "PCRE2 error \(code)" }
        return String(decoding: buffer.prefix(Int(length)), as: UTF8.self)
    }
}

extension RegularExpression: Equatable {
    /// Whether both were written alike.
    package static func == (left: RegularExpression, right: RegularExpression) -> Bool {
        left.pattern == right.pattern
    }
}
