import Synchronization

/// A sum that many threads add to without waiting for each other.
package final class Counter: Sendable {
    private let sum = Atomic<Int64>(0)

    package init() {}

    package var value: Int64 { sum.load(ordering: .relaxed) }

    package func add(_ amount: Int) {
        sum.wrappingAdd(Int64(amount), ordering: .relaxed)
    }
}
