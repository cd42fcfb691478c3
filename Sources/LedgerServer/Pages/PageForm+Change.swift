import LedgerPages
import PromotionModel
import Requests

extension PageForm {
    /// The request that the form is, as the API and the command line make it.
    ///
    /// `project` is whose page it was on.
    func change(in project: ProjectName) -> any Change {
        switch self {
        case .promote, .promoteVerified, .rollBackStage, .rollBackJunction, .restore:
            movement
        case .collect, .repackage: aboutJunction
        case .derive, .approve, .revoke, .quarantine, .unquarantine, .alias: aboutFreight
        case .abort, .answer, .report, .resume: aboutRunning
        case .bookmark(let name, let moment):
            Self.made(BookmarkChange()) { ($0.name, $0.at) = (name, moment) }
        case .note(let subject, let text):
            Self.made(NoteChange()) { ($0.subject, $0.text) = (subject.rawValue, text) }
        case .mode(let mode):
            Self.made(ModeChange()) {
                ($0.name, $0.observe) = (project.rawValue, mode == .observe)
            }
        }
    }

    private var movement: any Change {
        switch self {
        case .promote(let stage, let freight, let now, let allowsRegression):
            Self.made(PromotionChange()) {
                ($0.stage, $0.freight) = (stage.rawValue, freight)
                ($0.now, $0.allowRegression) = (now, allowsRegression)
            }
        case .promoteVerified(let stage, let verifiedOnly):
            Self.made(PromotionChange()) {
                ($0.from, $0.downstream) = (stage.rawValue, true)
                $0.verifiedOnly = verifiedOnly
            }
        case .rollBackStage(let stage, let target, let origin, let allows):
            Self.back("stage/\(stage)", target, origin, allows)
        case .rollBackJunction(let junction, let target, let allows):
            Self.back("junction/\(junction)", target, nil, allows)
        case .restore(let target, let allows): Self.back("project", target, nil, allows)
        default: preconditionFailure("\(verb) moves nothing")
        }
    }

    private static func back(
        _ subject: String,
        _ target: String,
        _ origin: String?,
        _ allows: Set<Allowance>
    ) -> RollbackChange {
        made(RollbackChange()) {
            ($0.subject, $0.to, $0.origin) = (subject, target, origin)
            $0.partial = allows.contains(.partial)
            $0.allowQuarantined = allows.contains(.quarantined)
        }
    }

    private var aboutJunction: any Change {
        switch self {
        case .collect(let junction, let freight):
            Self.made(CollectionChange()) {
                ($0.junction, $0.freight) = (junction.rawValue, freight)
            }
        case .repackage(let junction, let alias):
            Self.made(RepackagingChange()) {
                ($0.junction, $0.alias) = (junction.rawValue, alias)
            }
        default: preconditionFailure("\(verb) is about no junction")
        }
    }

    private var aboutFreight: any Change {
        switch self {
        case .derive(let freight, let versions):
            Self.made(AssemblyChange()) {
                $0.from = freight
                $0.set = versions.map { "\($0.artifact)=\($0.version)" }
            }
        case .approve(let freight, let consumer):
            Self.made(ApprovalChange()) {
                ($0.freight, $0.consumer) = (freight, consumer.subject.rawValue)
            }
        case .revoke(let freight, let consumer):
            Self.made(RevocationChange()) {
                ($0.freight, $0.consumer) = (freight, consumer.subject.rawValue)
            }
        case .quarantine(let freight): Self.made(QuarantineChange()) { $0.freight = freight }
        case .unquarantine(let freight):
            Self.made(QuarantineEndChange()) { $0.freight = freight }
        case .alias(let freight, let name):
            Self.made(AliasChange()) { ($0.freight, $0.alias) = (freight, name) }
        default: preconditionFailure("\(verb) is about no freight")
        }
    }

    private var aboutRunning: any Change {
        switch self {
        case .abort(let name): Self.made(AbortChange()) { $0.promotion = name.rawValue }
        case .answer(let name, let step, let value):
            Self.made(InputChange()) {
                ($0.promotion, $0.answer) = (name.rawValue, value)
                $0.step = step.flatMap { Int(exactly: $0) }
            }
        case .report(let name, let result, let evidence, let message):
            Self.made(ReportChange()) {
                ($0.promotion, $0.result) = (name.rawValue, result.rawValue)
                ($0.evidence, $0.message) = (evidence, message)
            }
        case .resume(let consumer, let origin):
            Self.made(ResumptionChange()) {
                ($0.subject, $0.origin) = (consumer.subject.rawValue, origin)
            }
        default: preconditionFailure("\(verb) is about nothing that runs")
        }
    }

    private static func made<Asked: Change>(
        _ change: Asked,
        _ say: (inout Asked) -> Void
    ) -> Asked {
        var change = change
        say(&change)
        return change
    }
}
