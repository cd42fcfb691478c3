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
        let subject = try presentSubject(command.subject, in: command.project)
        guard (1...ModelLimits.noteByteCountMax).contains(command.text.utf8.count) else {
            throw .refused(.noteMalformed(byteCount: command.text.utf8.count))
        }
        var event = NoteRecorded()
        event.subject = subject
        event.text = command.text
        return [
            EventDraft(
                project: command.project,
                subject: subject,
                event: .noteRecorded(event)
            )
        ]
    }

    /// The same thing under the name that events have for it, freight by its id; refuses one of
    /// which the project has none.
    private func presentSubject(
        _ subject: Subject,
        in project: ProjectName
    ) throws(Stop) -> Subject {
        let name = subject.name
        switch subject.kind {
        case .stage:
            guard let name = StageName(rawValue: name) else { break }
            _ = try stageSpec(name, in: project)
            return subject
        case .junction:
            guard let name = JunctionName(rawValue: name) else { break }
            _ = try junctionSpec(name, in: project)
            return subject
        case .warehouse:
            guard let name = WarehouseName(rawValue: name) else { break }
            _ = try warehouseSpec(name, in: project)
            return subject
        case .freight: return .freight(try freight(named: name, in: project).id)
        case .promotion:
            guard let name = PromotionName(rawValue: name) else { break }
            _ = try promotion(name, in: project)
            return subject
        case .project where name == project.rawValue: return subject
        case .task:
            guard let name = TaskName(rawValue: name) else { break }
            try requireTask(name, in: project)
            return subject
        case .project, .clusterTask, .cluster, .token, .user, .group, nil: break
        }
        throw .refused(.unknownSubject(subject, in: project))
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
