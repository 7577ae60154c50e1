// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditModel
import EvidencePack
import TransparencyLog
import Verification

extension VerifyCommand {
    struct PackCheck: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pack",
            abstract: "Verify an evidence pack: every byte of it, without the log that made it.",
            discussion: """
                Martlet export --pack writes packs. Each event is compared with its leaf, the leaves with the signed root, every \
                file with the signed manifest.
                  martlet verify pack case.tar --vkey our-log.vkey

                Without a key the pack's own keys are taken: then it agrees with itself, and anybody could have made it.

                Exit status: 0 verified, 1 tampered, 2 usage, 3 could not run, 4 nothing wrong was found, and the pack says that \
                something is missing, or fewer witnesses signed than the policy asks for.
                """
        )

        @Argument(help: ArgumentHelp("A pack.", valueName: "file"), completion: .file())
        var file: String

        @OptionGroup var trust: TrustOptions

        @Flag(help: "No progress; the verdict is still told.")
        var quiet = false

        func run() async throws {
            let options = try trust.options()
            guard options.keys.isEmpty || options.policy == nil else {
                throw ValidationError("--vkey and --policy are two answers to whom to believe; give one of them")
            }
            let believed: PackTrust =
                if let policy = options.policy { .policy(policy) } else if options.keys.isEmpty { .own } else {
                    .keys(options.keys)
                }
            let source = try PackFileSource(file)
            var bar = ProgressBar("verify", isShown: !quiet && Terminal.errorIsTerminal)
            let report: PackReport
            do {
                // A witness's clock may be a little ahead of ours.
                let latest = options.now.flatMap { CosignatureTime(seconds: $0 + 300) }
                report = try PackVerifier(believed, latest: latest).verify(source) { byteCount in
                    let fraction = Double(byteCount) / Double(max(1, source.byteCount))
                    bar.update(fraction: fraction, events: nil, byteCount: byteCount)
                }
            } catch {
                bar.finish()
                throw CommandFailure(.couldNotRun, "cannot read \(file): \(error.message)")
            }
            bar.finish()
            try print(report, origin: options.origin)
        }

        private func print(_ report: PackReport, origin: String?) throws {
            for finding in report.findings { Terminal.write(Self.text(finding)) }
            if let manifest = report.manifest, let checkpoint = report.checkpoint {
                describe(report, manifest, checkpoint)
            }
            guard report.verdict != .tampered else {
                throw CommandFailure(.no, "tampered: \(file) is not what was signed")
            }
            if let origin, report.checkpoint.map({ !$0.origin.hasSameBytes(as: origin) }) ?? true {
                throw CommandFailure(.no, "tampered: the pack is not of \(Terminal.harmless(origin))")
            }
            if report.usesOwnKeys {
                Terminal.complain(
                    "the keys are the pack's own: it agrees with itself, and anybody could have made it; say whom to believe with --vkey"
                )
            }
            guard report.isQuorumMet else {
                throw CommandFailure(.incomplete, "fewer witnesses signed than the policy asks for")
            }
            guard report.verdict == .verified else {
                throw CommandFailure(
                    .incomplete,
                    "what is there is verified; the manifest says that something is missing"
                )
            }
            Terminal.write("\(Colour.good.paint("verified"))\n")
        }

        private func describe(_ report: PackReport, _ manifest: PackManifest, _ checkpoint: Checkpoint) {
            let line = VerdictPrinter.line
            let events = ProgressBar.grouped(Int(clamping: manifest.eventCount))
            line("log", checkpoint.origin)
            line("events", "\(events), \(ByteText.short(Int(clamping: manifest.eventByteCount)))")
            if let first = manifest.firstIndex, let last = manifest.lastIndex { line("indices", "\(first) to \(last)") }
            line(
                "signed",
                "\(ProgressBar.grouped(Int(clamping: checkpoint.size))) events, root \(checkpoint.root.base64)"
            )
            line("asked by", "\(manifest.principal), \(manifest.created)")
            line("asked for", manifest.query.text.isEmpty ? "everything" : manifest.query.text)
            if let from = manifest.query.from { line("from", from) }
            if let to = manifest.query.to { line("to", to) }
            line("looked at", "events \(manifest.startIndex) to before \(manifest.endIndex)")
            if manifest.erasedCount > 0 { line("erased", "\(manifest.erasedCount) events, whose leaves are proven") }
            if let ledger = manifest.ledger {
                line(
                    "ledger",
                    "\(ledger.state): \(ledger.complete) complete, \(ledger.gap) gap, \(ledger.unknown) unknown"
                )
            }
            if let reason = manifest.ledgerReason { line("ledger", reason) }
            for key in report.checkpointKeys { line("key", key) }
            for witness in report.witnesses {
                let time = Timestamp.epoch.adding(.seconds(min(witness.time.seconds, 1 << 33)))
                line("witness", "\(witness.name), \(time)")
            }
            for reason in manifest.limits + manifest.partialReasons { line("missing", reason) }
        }

        private static func text(_ finding: PackFinding) -> String {
            let file = finding.file.map { "\($0.name): " } ?? ""
            let event = finding.index.map { "event \($0): " } ?? ""
            return "\(Colour.bad.paint(finding.kind.rawValue))  \(file)\(event)\(Terminal.harmless(finding.reason))\n"
        }
    }
}
