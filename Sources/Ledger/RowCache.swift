import EventLog
import PromotionModel
import Synchronization
import Wire

/// Decoded rows that are asked for again and again: configuration, freight and where it is
/// verified, what promotions were asked for.
///
/// A row is known by its key and the position of its event. Only rows of committed events are
/// kept: an event that was given up leaves its position to another.
final class RowCache: Sendable {
    let projects = Rows<Configured<ProjectSpec>>()
    let warehouses = Rows<Configured<WarehouseSpec>>()
    let stages = Rows<Configured<StageSpec>>()
    let junctions = Rows<Configured<JunctionSpec>>()
    let tasks = Rows<Configured<TaskSpec>>()
    let freight = Rows<Freight>()
    let freightStatuses = Rows<FreightStatus>()
    let stageStates = Rows<StageState>()
    let promotions = Rows<Promotion>()

    /// The rows of one table.
    final class Rows<M: Message>: Sendable {
        /// Rows that are kept at most; 2,000 stages with their steps are some ten megabytes.
        private static var countMax: Int { 2000 }

        private let rows = Mutex<[Key: M]>([:])

        private struct Key: Hashable {
            let key: [UInt8]
            let position: UInt64
        }

        /// The row under `key` that the event at `position` made, if it is kept.
        func row(_ key: RowKey, at position: UInt64 = 0) -> M? {
            rows.withLock { $0[Key(key: key.bytes, position: position)] }
        }

        /// Keeps a row; when there are too many, all others go.
        func keep(_ row: M, _ key: RowKey, at position: UInt64 = 0) {
            rows.withLock { rows in
                if rows.count >= Self.countMax { rows.removeAll(keepingCapacity: true) }
                rows[Key(key: key.bytes, position: position)] = row
            }
        }
    }
}
