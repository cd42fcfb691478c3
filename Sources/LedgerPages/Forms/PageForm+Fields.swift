import PromotionModel

extension PageForm {
    /// The form of a verb with these fields.
    init(verb: String, _ fields: FormFields) throws(FormFault) {
        switch verb {
        case "promote", "promote-verified", "roll-back-stage", "roll-back-junction", "restore",
            "resume", "collect", "repackage":
            self = try Self.movement(verb, fields)
        case "abort", "answer", "report":
            self = try Self.about(promotion: fields, verb)
        case "derive", "approve", "revoke", "quarantine", "unquarantine", "alias":
            self = try Self.about(freight: fields, verb)
        case "bookmark":
            self = .bookmark(try fields.text("name", "name the bookmark"), at: fields["at"])
        case "note":
            guard let subject = fields["about"].flatMap(Subject.init(rawValue:)) else {
                throw FormFault(field: "about", "say what the note is about, such as stage/prod")
            }
            self = .note(subject, text: try fields.text("text", "write the note"))
        case "mode":
            guard
                let mode = ["drive": ProjectMode.drive, "observe": .observe][fields["mode"] ?? ""]
            else { throw FormFault(field: "mode", "choose drive or observe") }
            self = .mode(mode)
        default:
            throw FormFault(field: nil, "there is no such form; go back and try again")
        }
    }

    private static func movement(_ verb: String, _ fields: FormFields) throws(FormFault) -> Self {
        switch verb {
        case "promote":
            let freight = fields.all("freight")
            guard !freight.isEmpty else {
                throw FormFault(field: "freight", "choose the freight, or type its name")
            }
            return .promote(
                try fields.stage(),
                freight: freight,
                now: fields["now"] != nil,
                allowsRegression: fields.all("allow").contains("regression")
            )
        case "promote-verified":
            return .promoteVerified(
                try fields.stage(),
                verifiedOnly: fields["verified-only"] != nil
            )
        case "roll-back-stage":
            return .rollBackStage(
                try fields.stage(),
                to: try fields.text("to", "say where to go back to"),
                origin: fields["origin"],
                allows: fields.allowances
            )
        case "roll-back-junction":
            return .rollBackJunction(
                try fields.junction(),
                to: try fields.text("to", "say where to go back to"),
                allows: fields.allowances
            )
        case "restore":
            return .restore(
                to: try fields.text("to", "say where to go back to"),
                allows: fields.allowances
            )
        case "resume": return .resume(try fields.consumer(), origin: fields["origin"])
        case "collect": return .collect(try fields.junction(), freight: fields.all("freight"))
        default: return .repackage(try fields.junction(), alias: fields["alias"])
        }
    }

    private static func about(
        promotion fields: FormFields,
        _ verb: String
    ) throws(FormFault) -> Self {
        guard let name = fields["promotion"].flatMap(PromotionName.init(rawValue:)) else {
            throw FormFault(field: "promotion", "say which promotion is meant")
        }
        switch verb {
        case "abort": return .abort(name)
        case "answer":
            return .answer(
                name,
                step: fields["step"].flatMap { UInt64($0) },
                value: try fields.text("value", "write the answer")
            )
        default:
            guard let result = fields["result"].flatMap(ReportedResult.init(rawValue:)) else {
                throw FormFault(field: "result", "choose how the verification ended")
            }
            return .report(
                name,
                result: result,
                evidence: fields["evidence"],
                message: fields["message"]
            )
        }
    }

    private static func about(
        freight fields: FormFields,
        _ verb: String
    ) throws(FormFault) -> Self {
        let freight = try fields.text("freight", "say which freight is meant")
        switch verb {
        case "derive":
            let pairs = zip(fields.values["artifact"] ?? [], fields.values["version"] ?? [])
            let versions = pairs.map { ArtifactVersion(artifact: $0, version: $1.trimmed) }
                .filter { !$0.version.isEmpty }
            guard !versions.isEmpty else {
                throw FormFault(field: "version", "type the version that is to be different")
            }
            return .derive(freight, versions: versions)
        case "approve": return .approve(freight, for: try fields.consumer())
        case "revoke": return .revoke(freight, for: try fields.consumer())
        case "quarantine": return .quarantine(freight)
        case "unquarantine": return .unquarantine(freight)
        default: return .alias(freight, name: try fields.text("name", "type the new name"))
        }
    }
}

extension FormFields {
    fileprivate func text(_ name: String, _ sentence: String) throws(FormFault) -> String {
        guard let text = self[name] else { throw FormFault(field: name, sentence) }
        return text
    }

    fileprivate func stage() throws(FormFault) -> StageName {
        guard let stage = self["stage"].flatMap(StageName.init(rawValue:)) else {
            throw FormFault(field: "stage", "choose a stage")
        }
        return stage
    }

    fileprivate func junction() throws(FormFault) -> JunctionName {
        guard let junction = self["junction"].flatMap(JunctionName.init(rawValue:)) else {
            throw FormFault(field: "junction", "choose a junction")
        }
        return junction
    }

    fileprivate func consumer() throws(FormFault) -> Consumer {
        guard let subject = self["for"].flatMap(Subject.init(rawValue:)),
            let consumer = Consumer(subject)
        else { throw FormFault(field: "for", "choose a stage or a junction") }
        return consumer
    }

    fileprivate var allowances: Set<PageForm.Allowance> {
        Set(all("allow").compactMap(PageForm.Allowance.init(rawValue:)))
    }
}
