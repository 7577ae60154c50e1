// SPDX-License-Identifier: Apache-2.0

internal import CoreMetrics
private import Synchronization

/// What a metric is to Prometheus.
enum MetricKind: String, Sendable {
    case counter
    case gauge
    case histogram
}

/// The numbers of one metric with one set of labels.
///
/// A double holds whole numbers exactly up to 2^53, which a counter of a million a second reaches after 285 years; so
/// everything is kept in the format's own type.
final class Series: Sendable {
    struct Value: Sendable {
        /// Total of a counter, value of a gauge, sum of a histogram.
        var number: Double = 0
        /// Observations at or below each bound and above the one before; the last is for those above all.
        var counts: [UInt64] = []
    }

    let kind: MetricKind
    /// Ascending and finite; empty for other kinds.
    let bounds: [Double]
    private let state: Mutex<Value>

    init(kind: MetricKind, bounds: [Double]) {
        self.kind = kind
        self.bounds = bounds
        let counts = kind == .histogram ? [UInt64](repeating: 0, count: bounds.count + 1) : []
        state = Mutex(Value(counts: counts))
    }

    var value: Value { state.withLock(\.self) }

    /// Raises a counter.
    ///
    /// It never falls: what is negative or no number is left out.
    func add(_ amount: Double) {
        guard amount > 0 else { return }
        state.withLock { $0.number += amount }
    }

    func zero() {
        state.withLock { $0.number = 0 }
    }

    /// Moves a gauge up or down.
    func move(by amount: Double) {
        state.withLock { $0.number += amount }
    }

    /// Sets a gauge, or counts an observation of a histogram.
    ///
    /// What is no number would make its sum none for ever.
    func observe(_ observation: Double) {
        guard kind == .histogram else {
            state.withLock { $0.number = observation }
            return
        }
        guard !observation.isNaN else { return }
        let index = bounds.firstIndex { observation <= $0 } ?? bounds.count
        state.withLock { value in
            value.number += observation
            value.counts[index] += 1
        }
    }
}

// MARK: - Handlers

extension Series: CounterHandler, FloatingPointCounterHandler {
    func increment(by amount: Int64) { add(Double(amount)) }
    func reset() { zero() }
}

extension Series: RecorderHandler {
    func record(_ value: Int64) { observe(Double(value)) }
    func record(_ value: Double) { observe(value) }
}

extension Series: MeterHandler {
    func set(_ value: Int64) { observe(Double(value)) }
    func set(_ value: Double) { observe(value) }
    func decrement(by amount: Double) { move(by: -amount) }

    /// Both counters of doubles and meters are raised by this one.
    func increment(by amount: Double) {
        if kind == .counter { add(amount) } else { move(by: amount) }
    }
}

/// A histogram of seconds behind swift-metrics' nanoseconds.
final class TimerSeries: TimerHandler {
    private let series: Series

    init(_ series: Series) {
        self.series = series
    }

    /// A clock that went back counts as no time: a sum that falls would read as a restart.
    func recordNanoseconds(_ duration: Int64) {
        series.observe(Double(max(0, duration)) / 1e9)
    }
}
