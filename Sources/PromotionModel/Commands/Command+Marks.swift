package import EventLog
package import Expressions

/// Gives freight another alias.
package struct SetFreightAlias: Hashable, Sendable {
    package let project: ProjectName
    /// Id, prefix, Kargo name or alias.
    package let freight: String
    package let alias: String
    package init(project: ProjectName, freight: String, alias: String) {
        self.project = project
        self.freight = freight
        self.alias = alias
    }
}

/// Notes something on freight under a key.
package struct SetFreightMetadata: Hashable, Sendable {
    package let project: ProjectName
    /// Id, prefix, Kargo name or alias.
    package let freight: String
    package let key: String
    package let value: Value
    /// The promotion whose step notes it.
    package let promotion: PromotionName?
    package init(
        project: ProjectName,
        freight: String,
        key: String,
        value: Value,
        promotion: PromotionName? = nil
    ) {
        self.project = project
        self.freight = freight
        self.key = key
        self.value = value
        self.promotion = promotion
    }
}

/// Lets a stage or junction have freight that did not pass what stands before it.
package struct ApproveFreight: Hashable, Sendable {
    package let project: ProjectName
    /// Id, prefix, Kargo name or alias.
    package let freight: String
    package let consumer: Consumer
    package init(project: ProjectName, freight: String, consumer: Consumer) {
        self.project = project
        self.freight = freight
        self.consumer = consumer
    }
}

/// Takes an approval back.
package struct RevokeApproval: Hashable, Sendable {
    package let project: ProjectName
    /// Id, prefix, Kargo name or alias.
    package let freight: String
    package let consumer: Consumer
    package init(project: ProjectName, freight: String, consumer: Consumer) {
        self.project = project
        self.freight = freight
        self.consumer = consumer
    }
}

/// Keeps freight, and every bundle that holds it, from going anywhere; needs a reason.
package struct QuarantineFreight: Hashable, Sendable {
    package let project: ProjectName
    /// Id, prefix, Kargo name or alias.
    package let freight: String
    package init(project: ProjectName, freight: String) {
        self.project = project
        self.freight = freight
    }
}

/// Lets freight that was quarantined go on.
package struct LiftQuarantine: Hashable, Sendable {
    package let project: ProjectName
    /// Id, prefix, Kargo name or alias.
    package let freight: String
    package init(project: ProjectName, freight: String) {
        self.project = project
        self.freight = freight
    }
}

/// Says how healthy is what a stage runs.
package struct ReportHealth: Hashable, Sendable {
    package let project: ProjectName
    package let stage: StageName
    package let health: Health
    package let message: String?
    package init(
        project: ProjectName,
        stage: StageName,
        health: Health,
        message: String? = nil
    ) {
        self.project = project
        self.stage = stage
        self.health = health
        self.message = message
    }
}

/// Says who moves freight in a project.
package struct SetProjectMode: Hashable, Sendable {
    package let project: ProjectName
    package let mode: ProjectMode
    package init(project: ProjectName, mode: ProjectMode) {
        self.project = project
        self.mode = mode
    }
}

/// Gives a position a name; the same name again moves it.
package struct SetBookmark: Hashable, Sendable {
    package let project: ProjectName
    package let name: String
    /// nil for the last event before the bookmark's own.
    package let position: Position?
    package init(project: ProjectName, name: String, position: Position? = nil) {
        self.project = project
        self.name = name
        self.position = position
    }
}

/// Writes something down about a thing.
package struct RecordNote: Hashable, Sendable {
    package let project: ProjectName
    /// A thing that is there.
    package let subject: Subject
    package let text: String
    package init(project: ProjectName, subject: Subject, text: String) {
        self.project = project
        self.subject = subject
        self.text = text
    }
}
