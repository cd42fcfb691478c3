import EventLog
import Wire

// What tells commands about promotions, rollbacks and verifications apart.

extension RequestPromotion {
    func add(to content: inout IdentityEncoder) {
        content.add("promote", project.rawValue, stage.rawValue)
        content.add("\(kind.rawValue)", "\(allowRegression)", "\(now)", "\(verifiedOnly)")
        switch selection {
        case .named(let references):
            content.add("named")
            for reference in references { content.add(reference) }
        case .from(let stage, let origin):
            content.add("from", stage.rawValue, origin?.rawValue ?? "")
        }
    }
}

extension PromoteDownstream {
    func add(to content: inout IdentityEncoder) {
        content.add("promote-downstream", project.rawValue, stage.rawValue, "\(verifiedOnly)")
    }
}

extension RollBackStage {
    func add(to content: inout IdentityEncoder) {
        content.add("rollback", project.rawValue, stage.rawValue, origin?.rawValue ?? "")
        content.add("\(partial)")
        switch target {
        case .previous: content.add("previous")
        case .position(let position): content.add("position", "\(position.rawValue)")
        case .collection(let prefix): content.add("collection", prefix)
        case .freight(let reference): content.add("freight", reference)
        }
        if allowsQuarantined { content.add("allow-quarantined") }
    }
}

extension RestoreProject {
    func add(to content: inout IdentityEncoder) {
        content.add("restore", project.rawValue, "\(position.rawValue)")
        content.add("\(partial)", "\(allowsQuarantined)")
    }
}

extension StartPromotion {
    func add(to content: inout IdentityEncoder) {
        content.add("start", project.rawValue, promotion.rawValue)
    }
}

extension TakeOverPromotion {
    func add(to content: inout IdentityEncoder) {
        content.add("take-over", project.rawValue, promotion.rawValue)
        content.add("\(attempt)")
    }
}

extension StartStep {
    func add(to content: inout IdentityEncoder) {
        content.add("start-step", project.rawValue, promotion.rawValue)
        content.add("\(attempt)", "\(step)")
    }
}

extension FinishStep {
    func add(to content: inout IdentityEncoder) {
        content.add("finish-step", project.rawValue, promotion.rawValue)
        content.add("\(attempt)", "\(step)", "\(status.rawValue)")
        content.add(message ?? "")
        content.add(ValueMessage(outputs).encoded())
        content.add("\(hasTakenEffect)")
    }
}

extension RequestInput {
    func add(to content: inout IdentityEncoder) {
        content.add("request-input", project.rawValue, promotion.rawValue)
        content.add("\(attempt)", "\(step)", message)
        content.add(url ?? "")
    }
}

extension GiveInput {
    func add(to content: inout IdentityEncoder) {
        content.add("give-input", project.rawValue, promotion.rawValue)
        content.add(step.map { "\($0)" } ?? "")
        content.add(ValueMessage(value).encoded())
    }
}

extension AbortPromotion {
    func add(to content: inout IdentityEncoder) {
        content.add("abort", project.rawValue, promotion.rawValue)
    }
}

extension FinishVerification {
    func add(to content: inout IdentityEncoder) {
        content.add("finish-verification", project.rawValue, promotion.rawValue)
        content.add("\(started.rawValue)")
        for step in steps { content.add(step.encoded()) }
    }
}

extension ResumeAutomation {
    func add(to content: inout IdentityEncoder) {
        content.add("resume", project.rawValue, stage.rawValue)
        content.add(origin?.rawValue ?? "")
    }
}

extension ReportVerification {
    func add(to content: inout IdentityEncoder) {
        content.add("verification", project.rawValue, result.rawValue)
        switch target {
        case .open(let stage): content.add("open", stage?.rawValue ?? "")
        case .promotion(let name): content.add("promotion", name.rawValue)
        case .collection(let prefix, let stage):
            content.add("collection", prefix, stage?.rawValue ?? "")
        }
        content.add(evidence ?? "", message ?? "")
    }
}
