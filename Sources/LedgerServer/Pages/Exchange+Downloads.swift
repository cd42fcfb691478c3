import EventLog
import HTTPTypes
import NIOCore
import Requests

extension Exchange {
    /// The population of changes of a stage in a period, a sample of it, or the evidence of a
    /// change, as a file.
    ///
    /// The same lines as `/v1/projects/PROJECT/audit/LIST`, or of a population the folder with its
    /// proofs. Fields that are empty are as if they
    /// were not there: a form sends all that it has.
    func download() async throws -> Reply {
        let list = names["list"] ?? ""
        let formats = list == "population" ? ["csv", "jsonl", "tar"] : ["csv", "jsonl"]
        let format = try said("format", among: formats) ?? "csv"
        let stage = said("stage") ?? ""
        switch list {
        case "evidence":
            guard isSomebody else { throw Access.notSignedIn }
            var asked = EvidenceQuestion()
            asked.promotion = said("promotion") ?? ""
            return try await archive(of: asked)
        case "population" where format == "tar":
            guard isSomebody else { throw Access.notSignedIn }
            var asked = PopulationFolderQuestion()
            (asked.stage, asked.from, asked.to) = (stage, said("from"), said("to"))
            return try await archive(of: asked)
        case "population":
            var asked = PopulationQuestion()
            (asked.stage, asked.from, asked.to) = (stage, said("from"), said("to"))
            asked.format = format
            return try await file(asked, list, format)
        case "sample":
            var asked = SampleQuestion()
            (asked.stage, asked.from, asked.to) = (stage, said("from"), said("to"))
            (asked.number, asked.seed) = (try number(), said("seed") ?? "")
            asked.format = format
            guard !asked.seed.isEmpty else {
                throw CommandFailure.usage(
                    "write a seed, which is any text: the same seed draws the same sample again; "
                        + "see waybill audit sample --help"
                )
            }
            return try await file(asked, list, format)
        default:
            throw Problem(.notFound, "noSuchPage", "there is no page at this address")
        }
    }

    private func file(
        _ asked: some PeriodQuestion,
        _ list: String,
        _ format: String
    ) async throws -> Reply {
        let answer = try await core.pool.run { try asked.answer(desk(.text)) }
        guard case .text(let lines) = answer else {
            preconditionFailure("an answer with lines is text")
        }
        var reply = Reply(
            .ok,
            ByteBuffer(string: lines),
            type: format == "csv" ? "text/csv; charset=utf-8" : "application/jsonl"
        )
        let name = [names["project"] ?? "", asked.stage, list].joined(separator: "-")
        let plain = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
        reply.headers[.contentDisposition] = "attachment; filename=\"\(plain).\(format)\""
        reply.headers[.cacheControl] = "private, no-cache"
        return reply
    }

    /// What the query says of a field; nil if nothing.
    private func said(_ name: String) -> String? {
        let text = query.first { $0.name == name }?.value ?? ""
        return text.isEmpty ? nil : text
    }

    private func said(_ name: String, among values: [String]) throws -> String? {
        guard let text = said(name) else { return nil }
        guard values.contains(text) else {
            throw CommandFailure.usage(
                "\(name) is \(values.joined(separator: " or ")); see waybill audit --help"
            )
        }
        return text
    }

    private func number() throws -> Int? {
        guard let text = said("number") else { return nil }
        guard let number = Int(text), (1...Int(SampleQuestion.countMax)).contains(number) else {
            throw CommandFailure.usage(
                "how many is a number from 1 to \(SampleQuestion.countMax); see waybill audit "
                    + "sample --help"
            )
        }
        return number
    }
}
