import EventLog

extension Decider {
    /// Gives a position a name; quiet where it has that name.
    ///
    /// Refuses, in this order: unknown project; a malformed name; a position that there is not
    /// yet.
    func decide(_ command: SetBookmark) throws(Stop) -> [EventDraft] {
        try requireProject(command.project)
        guard NameRule.isName(command.name, byteCountMax: ModelLimits.bookmarkByteCountMax) else {
            throw .refused(.bookmarkMalformed(command.name))
        }
        let last = Position(rawValue: moment.next.rawValue - 1)
        let position = command.position ?? last
        guard position <= last else { throw .refused(.positionNotThere(position, last: last)) }
        let before = try ask { facts throws(FactsFailure) in
            try facts.bookmark(command.name, in: command.project)
        }
        if before == position { return [] }
        var event = BookmarkSet()
        event.name = command.name
        event.position = position
        event.reason = envelope.reason
        return [
            EventDraft(
                project: command.project,
                subject: .project(command.project),
                event: .bookmarkSet(event)
            )
        ]
    }

    /// Writes something down about a thing.
    ///
    /// Refuses, in this order: unknown project; a thing that is not there; no text, or too much.
    func decide(_ command: RecordNote) throws(Stop) -> [EventDraft] {
        try requireProject(command.project)
        try requireSubject(command.subject, in: command.project)
        guard (1...ModelLimits.noteByteCountMax).contains(command.text.utf8.count) else {
            throw .refused(.noteMalformed(byteCount: command.text.utf8.count))
        }
        var event = NoteRecorded()
        event.subject = command.subject
        event.text = command.text
        return [
            EventDraft(
                project: command.project,
                subject: command.subject,
                event: .noteRecorded(event)
            )
        ]
    }

    /// Refuses a subject of which the project has none.
    private func requireSubject(_ subject: Subject, in project: ProjectName) throws(Stop) {
        let name = subject.name
        switch subject.kind {
        case .stage: _ = try stageSpec(StageName(unchecked: name), in: project)
        case .junction: _ = try junctionSpec(JunctionName(unchecked: name), in: project)
        case .warehouse: _ = try warehouseSpec(WarehouseName(unchecked: name), in: project)
        case .freight: _ = try freight(named: name, in: project)
        case .promotion: _ = try promotion(PromotionName(unchecked: name), in: project)
        case .project where name == project.rawValue: break
        case .project, .task, nil: throw .refused(.unknownSubject(subject, in: project))
        }
    }

    /// Says who moves freight in a project; quiet where it is so.
    ///
    /// Refuses, in this order: unknown project; a promotion that waits or runs, where the
    /// project is to be observed only.
    func decide(_ command: SetProjectMode) throws(Stop) -> [EventDraft] {
        try requireProject(command.project)
        let state = try ask { facts throws(FactsFailure) in
            try facts.projectState(command.project)
        }
        if state.mode == command.mode { return [] }
        if command.mode == .observe { try requireRest(of: command.project) }
        var event = ProjectModeSet()
        event.mode = command.mode
        event.reason = envelope.reason
        return [
            EventDraft(
                project: command.project,
                subject: .project(command.project),
                event: .projectModeSet(event)
            )
        ]
    }

    private func requireRest(of project: ProjectName) throws(Stop) {
        let stages = try ask { facts throws(FactsFailure) in try facts.stages(in: project) }
        for stage in stages {
            let state = try stageState(stage, in: project)
            if let promotion = state.running ?? state.pending.first?.name {
                throw .refused(.promotionUnderWay(promotion, on: stage))
            }
        }
    }
}
