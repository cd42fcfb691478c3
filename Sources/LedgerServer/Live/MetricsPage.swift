import EventLog
import Ledger
import LMDB
import PromotionModel

/// Measurements in Prometheus' text format (version 0.0.4).
struct MetricsPage {
    private(set) var text = ""

    init(_ core: ServerCore) throws {
        try addLog(core)
        addWriter(core)
        try addProjects(core)
        addHTTP(core.counters.current)
    }

    private mutating func addLog(_ core: ServerCore) throws {
        let log = core.ledger.log
        let statistics = try log.statistics()
        let head = try log.head()
        gauge("waybill_log_events", "Events in the log.", Double(head.position.rawValue))
        gauge("waybill_log_used_bytes", "Bytes of the data file.", Double(statistics.usedBytes))
        gauge(
            "waybill_log_free_bytes",
            "Bytes in the data file that can be used again.",
            Double(statistics.freeBytes)
        )
        gauge(
            "waybill_log_recorded_seconds",
            "When the last event was recorded, in seconds since 1970.",
            Double(head.recorded.rawValue) / 1000
        )
        gauge("waybill_readers", "Read transactions now.", Double(statistics.readerCount))
        gauge(
            "waybill_reader_lag_transactions",
            "How many commits the oldest reader is behind.",
            Double(statistics.oldestReaderLag)
        )
    }

    private mutating func addWriter(_ core: ServerCore) {
        if let writer = core.ledger.log.writerStatistics {
            gauge(
                "waybill_queue",
                "Commands that wait for the writer.",
                Double(writer.waitingCount)
            )
            head("waybill_commit_seconds", "How long commits took, flushes included.", "summary")
            line("waybill_commit_seconds_sum", [], writer.commitDuration / .seconds(1))
            line("waybill_commit_seconds_count", [], Double(writer.commitCount))
        }
        let state = core.counters.current
        histogram(
            "waybill_command_seconds",
            "How long commands took by HTTP, until they were on disk.",
            [("", state.commands)]
        )
        head("waybill_commands_total", "Commands by HTTP, by outcome.", "counter")
        for (outcome, count) in state.commandOutcomes.sorted(by: { $0.key < $1.key }) {
            line("waybill_commands_total", [("outcome", outcome)], Double(count))
        }
    }

    private mutating func addProjects(_ core: ServerCore) throws {
        var failing: [(String, Double)] = []
        var found: [(String, Double)] = []
        var promotions: [(String, String, Double)] = []
        try core.ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                for project in try facts.projects() {
                    var warehouses = (failing: 0.0, all: 0.0)
                    for name in try facts.warehouses(in: project) {
                        warehouses.all += 1
                        let state = try facts.warehouseState(name, in: project)
                        if state.failure != nil { warehouses.failing += 1 }
                    }
                    failing.append((project.rawValue, warehouses.failing))
                    found.append((project.rawValue, warehouses.all))
                    var states = ["pending": 0.0, "running": 0.0, "verifying": 0.0]
                    for name in try facts.stages(in: project) {
                        let state = try facts.stageState(name, in: project)
                        states["pending", default: 0] += Double(state.pending.count)
                        if state.running != nil { states["running", default: 0] += 1 }
                        if state.verification != nil { states["verifying", default: 0] += 1 }
                    }
                    for (state, count) in states.sorted(by: { $0.key < $1.key }) {
                        promotions.append((project.rawValue, state, count))
                    }
                }
            }
        }
        head("waybill_warehouses", "Warehouses.", "gauge")
        for (project, count) in found { line("waybill_warehouses", [("project", project)], count) }
        head(
            "waybill_warehouses_failing",
            "Warehouses whose last discovery failed.",
            "gauge"
        )
        for (project, count) in failing {
            line("waybill_warehouses_failing", [("project", project)], count)
        }
        head("waybill_promotions", "Promotions that are not over, by state.", "gauge")
        for (project, state, count) in promotions {
            line("waybill_promotions", [("project", project), ("state", state)], count)
        }
    }

    private mutating func addHTTP(_ state: Counters.State) {
        head("waybill_http_requests_total", "Requests, by route and status.", "counter")
        let requests = state.requests.sorted {
            ($0.key.route, $0.key.method, $0.key.status)
                < ($1.key.route, $1.key.method, $1.key.status)
        }
        for (request, count) in requests {
            line(
                "waybill_http_requests_total",
                [
                    ("method", request.method), ("route", request.route),
                    ("status", "\(request.status)"),
                ],
                Double(count)
            )
        }
        histogram(
            "waybill_http_request_seconds",
            "How long requests took until their answer began, by route.",
            state.durations.sorted { $0.key < $1.key }
        )
        counter(
            "waybill_http_refused_total",
            "Attempts to enter that were refused.",
            Double(state.refusedEntries)
        )
        gauge("waybill_event_readers", "Readers of live events.", Double(state.eventReaders))
        counter(
            "waybill_event_readers_dropped_total",
            "Readers of live events that took nothing for long.",
            Double(state.droppedEventReaders)
        )
    }

    // MARK: - Lines

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let pairs = labels.map { #"\#($0.0)="\#(Self.escaped($0.1))""# }.joined(separator: ",")
        text += name + (pairs.isEmpty ? "" : "{\(pairs)}") + " \(Self.number(value))\n"
    }

    private mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        head(name, help, "gauge")
        line(name, [], value)
    }

    private mutating func counter(_ name: String, _ help: String, _ value: Double) {
        head(name, help, "counter")
        line(name, [], value)
    }

    private mutating func histogram(
        _ name: String,
        _ help: String,
        _ histograms: [(key: String, value: Counters.Histogram)]
    ) {
        head(name, help, "histogram")
        for (route, histogram) in histograms {
            let labels = route.isEmpty ? [] : [("route", route)]
            for (bound, count) in zip(Counters.Histogram.bounds, histogram.counts) {
                line("\(name)_bucket", labels + [("le", "\(bound)")], Double(count))
            }
            line("\(name)_bucket", labels + [("le", "+Inf")], Double(histogram.count))
            line("\(name)_sum", labels, histogram.sum)
            line("\(name)_count", labels, Double(histogram.count))
        }
    }

    private static func number(_ value: Double) -> String {
        value.rounded() == value && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    /// A label's value, as the format writes it.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}
