// SPDX-License-Identifier: Apache-2.0

package import CoreMetrics
private import Synchronization

/// Keeps the process's metrics in memory and writes them as text for Prometheus.
///
/// Hand it to `MetricsSystem.bootstrap`; whatever reports through swift-metrics, our dependencies included, is then in
/// `exposition()`. Metrics with the same name and the same labels share one series, in whatever order the labels come.
///
/// | swift-metrics | Prometheus |
/// |---|---|
/// | `Counter`, `FloatingPointCounter` | counter, named `…_total` |
/// | `Meter`, `Recorder` without aggregation, `Gauge` | gauge |
/// | `Recorder` with aggregation | histogram |
/// | `Timer` | histogram, named `…_seconds` |
///
/// **Locks**: the registry's lock covers which series exist, each series' lock its numbers. The registry's is taken
/// first where both are, and never inside a series' own.
package final class MetricsRegistry: MetricsFactory {
    private struct State {
        var families: [String: Family] = [:]
        /// Names of sample lines in use, with the family they belong to: `x_count` may be a counter or part of `x`.
        var sampleNames: [String: String] = [:]
        var refused: Double = 0
        var overflowed: Double = 0
    }

    private let state = Mutex(State())
    private let help: [String: String]
    private let buckets: [String: [Double]]
    private let limits: Limits

    /// Makes a registry without any metric.
    ///
    /// - Parameters:
    ///   - help: One line about a metric, by its exported name without `_bucket`, `_sum`, `_count`.
    ///   - buckets: Upper bounds of a histogram's buckets by the same name, where the usual ones do not suit.
    ///   - limits: How much is kept.
    package init(help: [String: String] = [:], buckets: [String: [Double]] = [:], limits: Limits = Limits()) {
        self.help = help
        self.buckets = buckets
        self.limits = limits
    }

    // MARK: - Series

    /// The series of a metric and its labels; a detached one, which nobody reads, where it cannot be exported.
    private func series(_ kind: MetricKind, label: String, dimensions: [(String, String)], bounds: [Double]) -> Series {
        let name = MetricName.exported(label, kind: kind)
        let labels = LabelSet(dimensions, kind: kind, limits: limits)
        let bounds = kind == .histogram ? Buckets.normalized(buckets[name] ?? bounds) : []
        return state.withLock { state in
            if state.families[name] == nil {
                let samples = MetricName.samples(name, kind: kind)
                let isFree = samples.allSatisfy { state.sampleNames[$0] == nil }
                guard isFree, state.families.count < limits.maximumFamilies else {
                    state.refused += 1
                    return Series(kind: kind, bounds: bounds)
                }
                for sample in samples { state.sampleNames[sample] = name }
                state.families[name] = Family(kind: kind, bounds: bounds)
            }
            guard let family = state.families[name], family.kind == kind else {
                state.refused += 1
                return Series(kind: kind, bounds: bounds)
            }
            if let known = family.series[labels] { return known }
            var key = labels
            if family.series.count >= limits.maximumSeriesPerFamily {
                state.overflowed += 1
                key = .overflow
                if let known = family.series[key] { return known }
            }
            let series = Series(kind: kind, bounds: family.bounds)
            state.families[name]?.series[key] = series
            return series
        }
    }

    /// Removes a gauge that will not change any more, so that it does not show its last value for ever.
    ///
    /// Whoever destroys a gauge says that nobody sets it any more; others with the same labels are cut off too.
    /// Counters and histograms stay: a sum over them must not fall because one of its parts ended.
    private func remove(_ handler: some AnyObject) {
        state.withLock { state in
            for (name, family) in state.families where family.kind == .gauge {
                for (labels, series) in family.series where series === handler {
                    state.families[name]?.series[labels] = nil
                }
            }
        }
    }

    // MARK: - Text

    /// The value of the response's `Content-Type`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Every metric in the text format 0.0.4, sorted by name and labels.
    ///
    /// Each series is consistent in itself; two series may be read at slightly different moments.
    package func exposition() -> String {
        let (families, refused, overflowed) = state.withLock { ($0.families, $0.refused, $0.overflowed) }
        var text = ExpositionText()
        var named = families.map { (name: $0.key, family: $0.value) }
        for (name, value) in [
            (MetricsRegistry.overflowedName, overflowed), (MetricsRegistry.refusedName, refused),
        ] where families[name] == nil {
            let series = Series(kind: .counter, bounds: [])
            series.add(value)
            named.append((name, Family(kind: .counter, bounds: [], series: [LabelSet.empty: series])))
        }
        for (name, family) in named.sorted(by: { $0.name < $1.name }) where !family.series.isEmpty {
            let help = help[name] ?? MetricsRegistry.ownHelp[name]
            text.append(family, name: name, help: help)
        }
        return text.text
    }

    private static let overflowedName = "metrics_overflowed_label_sets_total"
    private static let refusedName = "metrics_refused_total"
    private static let ownHelp = [
        overflowedName: "Requests for a series that the limit of its metric put into the overflow series.",
        refusedName: "Metrics that are not exported: too many, or their name is in use for another kind.",
    ]
}

/// One metric and its series.
struct Family: Sendable {
    let kind: MetricKind
    let bounds: [Double]
    var series: [LabelSet: Series] = [:]
}

// MARK: - MetricsFactory

extension MetricsRegistry {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(.counter, label: label, dimensions: dimensions, bounds: [])
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(.counter, label: label, dimensions: dimensions, bounds: [])
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(.gauge, label: label, dimensions: dimensions, bounds: [])
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        series(aggregate ? .histogram : .gauge, label: label, dimensions: dimensions, bounds: Buckets.quantities)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        TimerSeries(series(.histogram, label: label + "_seconds", dimensions: dimensions, bounds: Buckets.seconds))
    }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    package func destroyMeter(_ handler: any MeterHandler) {
        remove(handler)
    }

    package func destroyRecorder(_ handler: any RecorderHandler) {
        remove(handler)
    }
}
