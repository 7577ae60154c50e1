// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import MetricsExport
import Testing

@Suite struct MetricsRegistryTests {
    /// What a registry in which nothing happened writes.
    private let own = """
        # HELP metrics_overflowed_label_sets_total Requests for a series that the limit of its metric put into the overflow series.
        # TYPE metrics_overflowed_label_sets_total counter
        metrics_overflowed_label_sets_total 0
        # HELP metrics_refused_total Metrics that are not exported: too many, or their name is in use for another kind.
        # TYPE metrics_refused_total counter
        metrics_refused_total 0

        """

    private func lines(_ registry: MetricsRegistry, of name: String) -> [String] {
        registry.exposition().split(separator: "\n").map(String.init)
            .filter { $0.contains(name) && !$0.contains("metrics_") }
    }

    // MARK: - Kinds

    @Test func `a registry without metrics writes its own two`() {
        #expect(MetricsRegistry().exposition() == own)
    }

    @Test func `metrics are written sorted with help, type and samples`() {
        let registry = MetricsRegistry(
            help: ["ingest_events_total": "Events accepted,\nby \"source\" and \\ outcome."],
            buckets: ["batch_events": [10, 1, .infinity, 10]]
        )
        Counter(label: "ingest.events", dimensions: [("source", "file"), ("outcome", "accepted")], factory: registry)
            .increment(by: 3)
        Counter(label: "ingest_events_total", dimensions: [("outcome", "rejected")], factory: registry).increment()
        Gauge(label: "journal_bytes", factory: registry).record(12.5)
        let batches = Recorder(label: "batch_events", dimensions: [("k", "v")], aggregate: true, factory: registry)
        for size in [0, 1, 2, 10, 11] { batches.record(size) }

        #expect(
            registry.exposition() == """
                # TYPE batch_events histogram
                batch_events_bucket{k="v",le="1"} 2
                batch_events_bucket{k="v",le="10"} 4
                batch_events_bucket{k="v",le="+Inf"} 5
                batch_events_sum{k="v"} 24
                batch_events_count{k="v"} 5
                # HELP ingest_events_total Events accepted,\\nby "source" and \\\\ outcome.
                # TYPE ingest_events_total counter
                ingest_events_total{outcome="accepted",source="file"} 3
                ingest_events_total{outcome="rejected"} 1
                # TYPE journal_bytes gauge
                journal_bytes 12.5

                """ + own
        )
    }

    @Test func `timers are histograms in seconds`() {
        let registry = MetricsRegistry(buckets: ["query_seconds": [0.001, 1]])
        let timer = Timer(label: "query", factory: registry)
        for nanoseconds in [1_000_000, 1_000_001, 2_000_000_000, -5] as [Int64] { timer.recordNanoseconds(nanoseconds) }
        Timer(label: "query.seconds", factory: registry).recordMilliseconds(500)

        #expect(
            lines(registry, of: "query") == [
                "# TYPE query_seconds histogram",
                #"query_seconds_bucket{le="0.001"} 2"#,
                #"query_seconds_bucket{le="1"} 4"#,
                #"query_seconds_bucket{le="+Inf"} 5"#,
                "query_seconds_sum 2.502000001",
                "query_seconds_count 5",
            ]
        )
    }

    @Test func `meters go up and down`() {
        let registry = MetricsRegistry()
        let meter = Meter(label: "connections", factory: registry)
        meter.set(5)
        meter.increment(by: 2.5)
        meter.decrement()

        #expect(lines(registry, of: "connections").last == "connections 6.5")
    }

    @Test func `counters add fractions and whole numbers and start again when reset`() {
        let registry = MetricsRegistry()
        let whole = Counter(label: "whole", factory: registry)
        let fraction = FloatingPointCounter(label: "fraction", factory: registry)
        whole.increment(by: 1 << 40)
        whole.increment(by: -7)
        whole.increment(by: Int64.min)
        fraction.increment(by: 0.5)
        fraction.increment(by: -1.0)
        fraction.increment(by: Double.nan)

        #expect(lines(registry, of: "whole").last == "whole_total 1099511627776")
        #expect(lines(registry, of: "fraction").last == "fraction_total 0.5")

        whole.reset()
        fraction.reset()
        #expect(lines(registry, of: "whole").last == "whole_total 0")
        #expect(lines(registry, of: "fraction").last == "fraction_total 0")
    }

    @Test(arguments: [
        (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (0, "0"), (-3, "-3"), (0.1, "0.1"),
        (1e300, "1e+300"), (1e-7, "1e-07"), (9_007_199_254_740_992, "9007199254740992"),
    ])
    func `numbers are written as the format reads them`(value: Double, expected: String) {
        let registry = MetricsRegistry()
        Gauge(label: "g", factory: registry).record(value)

        #expect(lines(registry, of: "g ").last == "g \(expected)")
    }

    @Test func `an observation that is no number is left out of a histogram`() {
        let registry = MetricsRegistry()
        let recorder = Recorder(label: "r", aggregate: true, factory: registry)
        recorder.record(Double.nan)
        recorder.record(2)

        #expect(lines(registry, of: "r_sum") == ["r_sum 2"])
        #expect(lines(registry, of: "r_count") == ["r_count 1"])
    }

    // MARK: - Names and labels

    @Test(arguments: [
        ("a.b-c d/e", "a_b_c_d_e_total"),
        ("1st", "_1st_total"),
        ("ns:metric", "ns:metric_total"),
        ("größe", "gr__e_total"),
        ("", "__total"),
        ("x{le=\"1\"} 5\n", "x_le__1___5__total"),
        ("done_total", "done_total"),
    ])
    func `names are made valid`(label: String, expected: String) {
        let registry = MetricsRegistry()
        Counter(label: label, factory: registry).increment()

        #expect(lines(registry, of: expected).last == "\(expected) 1")
    }

    @Test(arguments: [
        ("plain", #"plain"#),
        ("say \"hi\"", #"say \"hi\""#),
        ("back\\slash", #"back\\slash"#),
        ("two\nlines", #"two\nlines"#),
        ("Ünï 中", "Ünï 中"),
        ("", ""),
        ("\"} 1\nforged 2", #"\"} 1\nforged 2"#),
    ])
    func `values of labels are escaped`(value: String, expected: String) {
        let registry = MetricsRegistry()
        Counter(label: "c", dimensions: [("v", value)], factory: registry).increment()

        #expect(lines(registry, of: "c_total{") == [#"c_total{v="\#(expected)"} 1"#])
    }

    @Test func `a long value is cut at a character`() {
        var limits = Limits()
        limits.maximumLabelValueBytes = 5
        let registry = MetricsRegistry(limits: limits)
        Counter(label: "c", dimensions: [("v", "ééé")], factory: registry).increment()
        Counter(label: "c", dimensions: [("v", "éé!")], factory: registry).increment()

        #expect(lines(registry, of: "c_total{") == [#"c_total{v="éé!"} 1"#, #"c_total{v="éé"} 1"#])
    }

    @Test func `labels are one series in any order, and the first of equal names wins`() {
        let registry = MetricsRegistry()
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "c", dimensions: [("b", "2"), ("a", "1"), ("a", "3")], factory: registry).increment()

        #expect(lines(registry, of: "c_total{") == [#"c_total{a="1",b="2"} 2"#])
    }

    @Test func `reserved and invalid names of labels are replaced`() {
        let registry = MetricsRegistry(buckets: ["h": [1]])
        let dimensions = [("le", "x"), ("__name__", "y"), ("1-2", "z"), ("a:b", "w")]
        Recorder(label: "h", dimensions: dimensions, aggregate: true, factory: registry).record(0)

        #expect(
            lines(registry, of: "h_bucket").first
                == #"h_bucket{_1_2="z",_name__="y",a_b="w",exported_le="x",le="1"} 1"#
        )
    }

    // MARK: - Bounds

    @Test func `label sets beyond the limit share one series and are counted`() {
        var limits = Limits()
        limits.maximumSeriesPerFamily = 2
        let registry = MetricsRegistry(limits: limits)
        for topic in ["a", "b", "c", "d", "a"] {
            Counter(label: "c", dimensions: [("topic", topic)], factory: registry).increment()
        }

        #expect(
            lines(registry, of: "c_total{") == [
                #"c_total{overflow="true"} 2"#, #"c_total{topic="a"} 2"#, #"c_total{topic="b"} 1"#,
            ]
        )
        #expect(registry.exposition().contains("\nmetrics_overflowed_label_sets_total 2\n"))
    }

    @Test func `metrics beyond the limit are not exported and counted`() {
        var limits = Limits()
        limits.maximumFamilies = 1
        let registry = MetricsRegistry(limits: limits)
        Counter(label: "first", factory: registry).increment()
        Counter(label: "second", factory: registry).increment()

        #expect(lines(registry, of: "first").last == "first_total 1")
        #expect(lines(registry, of: "second").isEmpty)
        #expect(registry.exposition().contains("\nmetrics_refused_total 1\n"))
    }

    @Test func `a name stays with its first kind`() {
        let registry = MetricsRegistry()
        Counter(label: "x", factory: registry).increment()
        Gauge(label: "x_total", factory: registry).record(99)

        #expect(lines(registry, of: "x_total") == ["# TYPE x_total counter", "x_total 1"])
        #expect(registry.exposition().contains("\nmetrics_refused_total 1\n"))
    }

    @Test func `a name that a histogram's lines use is refused`() {
        let registry = MetricsRegistry()
        Timer(label: "t", factory: registry).recordSeconds(1)
        Gauge(label: "t_seconds_count", factory: registry).record(99)
        Recorder(label: "g_sum", aggregate: false, factory: registry).record(1)
        Recorder(label: "g", aggregate: true, factory: registry).record(1)

        #expect(lines(registry, of: "t_seconds_count") == ["t_seconds_count 1"])
        #expect(lines(registry, of: "g_") == ["# TYPE g_sum gauge", "g_sum 1"])
        #expect(registry.exposition().contains("\nmetrics_refused_total 2\n"))
    }

    // MARK: - Lifetime

    @Test func `a destroyed gauge disappears, a destroyed counter stays`() {
        let registry = MetricsRegistry()
        let gauge = Gauge(label: "g", factory: registry)
        let meter = Meter(label: "m", factory: registry)
        let counter = Counter(label: "c", factory: registry)
        let timer = Timer(label: "t", factory: registry)
        gauge.record(1)
        meter.set(1)
        counter.increment()
        timer.recordSeconds(1)

        gauge.destroy()
        meter.destroy()
        counter.destroy()
        timer.destroy()

        #expect(lines(registry, of: "# TYPE") == ["# TYPE c_total counter", "# TYPE t_seconds histogram"])
    }

    @Test func `increments from many tasks are all counted`() async {
        let registry = MetricsRegistry(buckets: ["t_seconds": [1]])
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        Counter(label: "c", dimensions: [("task", "\(task % 2)")], factory: registry).increment()
                        Timer(label: "t", factory: registry).recordNanoseconds(1)
                        if task == 0 { _ = registry.exposition() }
                    }
                }
            }
        }

        #expect(
            lines(registry, of: "c_total{") == [#"c_total{task="0"} 4000"#, #"c_total{task="1"} 4000"#]
        )
        #expect(lines(registry, of: "t_seconds_count") == ["t_seconds_count 8000"])
    }
}
