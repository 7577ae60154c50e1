// SPDX-License-Identifier: Apache-2.0

/// One line on a terminal that shows how far long work has come, how fast, and how long it will take.
///
/// Redrawn at most ten times a second, on standard error, so that output can be piped away.
struct ProgressBar {
    private let label: String
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    private let isShown: Bool

    init(_ label: String, isShown: Bool = Terminal.errorIsTerminal) {
        self.label = Terminal.harmless(label)
        self.isShown = isShown
    }

    /// - Parameters:
    ///   - fraction: 0 to 1; nil when the end is not known.
    ///   - events: how many so far; nil when they are not counted.
    ///   - byteCount: how many bytes so far; nil when they are not counted.
    mutating func update(fraction: Double?, events: Int?, byteCount: Int?) {
        guard isShown else { return }
        let now = ContinuousClock.now
        if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
        lastDrawn = now
        let seconds = (now - start).seconds
        let text = "\(label)  \(Self.text(fraction: fraction, events: events, byteCount: byteCount, seconds: seconds))"
        Terminal.writeError("\r\u{1B}[K\(text.prefix(max(20, Terminal.width - 1)))")
    }

    /// Says in the line what keeps the work from going on.
    mutating func tell(_ trouble: String) {
        guard isShown else { return }
        lastDrawn = .now
        let text = "\(label)  \(Terminal.harmless(trouble))"
        Terminal.writeError("\r\u{1B}[K\(text.prefix(max(20, Terminal.width - 1)))")
    }

    /// What is said of so much work in so many seconds.
    static func text(fraction: Double?, events: Int?, byteCount: Int?, seconds: Double) -> String {
        var words: [String] = []
        let seconds = max(seconds, 0.001)
        if let fraction, fraction > 0 {
            let filled = min(20, Int(fraction * 20))
            let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: 20 - filled)
            words.append("\(bar) \(min(100, Int(fraction * 100)))%")
        }
        if let events {
            words += ["\(grouped(events)) events", "\(grouped(Int(Double(events) / seconds))) events/s"]
        }
        if let byteCount {
            if events == nil { words.append("\(grouped(byteCount / 1_000_000)) MB") }
            words.append("\(grouped(Int(Double(byteCount) / seconds / 1e6))) MB/s")
        }
        if let fraction, fraction > 0 {
            words.append("\(duration(max(0, seconds * (1 - fraction) / fraction))) left")
        }
        return words.joined(separator: "  ")
    }

    /// Takes the line away.
    func finish() {
        if isShown, lastDrawn != nil { Terminal.writeError("\r\u{1B}[K") }
    }

    /// Seconds since the work began.
    var elapsedSeconds: Double { (ContinuousClock.now - start).seconds }

    /// A number with commas between its thousands.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (place, digit) in String(number).reversed().enumerated() {
            if place > 0, place.isMultiple(of: 3), digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e7).rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
