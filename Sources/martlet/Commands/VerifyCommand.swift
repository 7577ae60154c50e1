// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditModel
import TransparencyLog
import Verification

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove that a log, or one event, is what was signed.",
        discussion: """
            Needs no server and believes nothing that it reads. The key comes from you, by another way than the log:
              martlet log keys > our-log.vkey          (on the log's machine)
              martlet verify DIR --vkey our-log.vkey

            DIR is a data directory, or a tree that martlet export --tlog wrote; also http://…, a Martlet or any server of \
            tiles. Of a data directory every event is read, its leaf made again, and the tree compared with all that was signed.

            An earlier checkpoint that you kept shows that the log only grew since:
              martlet verify DIR --vkey our-log.vkey --seen checkpoint-of-march

            One event, without the log:
              martlet verify receipt event-17.tlog-proof --event event-17.json --vkey our-log.vkey

            Events with their proofs, as martlet export --pack writes them:
              martlet verify pack case.tar --vkey our-log.vkey

            Exit status: 0 verified, 1 tampered, 2 usage, 3 could not run, 4 nothing wrong was found and not everything could \
            be checked.
            """,
        subcommands: [Log.self, ReceiptCheck.self, PackCheck.self],
        defaultSubcommand: Log.self
    )
}

/// Whom to believe.
struct TrustOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Verifier key of the log or of a witness, or a file with keys.", valueName: "key|file"),
        completion: .file()
    )
    var vkey: [String] = []

    @Option(
        help: ArgumentHelp("Logs, witnesses, and how many of them (c2sp.org/tlog-policy).", valueName: "file"),
        completion: .file()
    )
    var policy: String?

    @Option(help: ArgumentHelp("The name that the log has to have.", valueName: "name"))
    var origin: String?

    /// The keys that were given.
    func keys() throws -> [NoteVerifier] {
        try vkey.flatMap { text -> [NoteVerifier] in
            guard !text.hasPrefix("PRIVATE+KEY+") else {
                throw CommandFailure(
                    .usage,
                    "--vkey was given a private key: whoever sees it can sign as the log. Rotate it"
                )
            }
            // A key has plus signs and no path of a file begins like one.
            if let key = try? NoteVerifier(vkey: text) { return [key] }
            let lines = try SmallFile.text(of: text).split(separator: "\n").map { String($0).trimmingWhitespace() }
            return try lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }.map { line in
                do {
                    return try NoteVerifier(vkey: line)
                } catch let error as LogError {
                    throw CommandFailure(.usage, "\(text) has a line that is no verifier key: \(error.message)")
                }
            }
        }
    }

    func trustPolicy() throws -> TrustPolicy? {
        guard let policy else { return nil }
        do {
            return try TrustPolicy(parsing: SmallFile.bytes(of: policy))
        } catch let error as LogError {
            throw CommandFailure(.usage, "\(policy) is no policy: \(error.message)")
        }
    }

    /// Everything but the evidence.
    func options() throws -> VerificationOptions {
        var options = VerificationOptions()
        options.keys = try keys()
        options.policy = try trustPolicy()
        options.origin = origin
        options.now = System.nanosecondsSinceEpoch() / 1_000_000_000
        options.concurrency = System.coreCount
        return options
    }
}

// MARK: - A log

extension VerifyCommand {
    struct Log: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "log",
            abstract: "Verify a data directory, a published tree, or a server. The default: martlet verify DIR|URL."
        )

        @Argument(
            help: ArgumentHelp("A directory, or http(s)://….", valueName: "dir|url"),
            completion: .directory
        )
        var evidence: String?

        @OptionGroup var trust: TrustOptions

        @Option(
            help: ArgumentHelp("A checkpoint that you kept: the log has to continue it.", valueName: "file"),
            completion: .file()
        )
        var seen: [String] = []

        @Option(
            help: ArgumentHelp(
                "Of a published tree: entries below this index may be missing, as the log's policy allows.",
                valueName: "index"
            )
        )
        var prunedBelow: UInt64 = 0

        @Flag(help: "Only print the verifier keys that a data directory says it signs with; believe them or not.")
        var printVkey = false

        @Flag(help: "No progress; the verdict is still told.")
        var quiet = false

        @Option(help: ArgumentHelp("File with the API token for a server.", valueName: "file"), completion: .file())
        var tokenFile: String?

        func run() async throws {
            guard let evidence else {
                throw ValidationError("say what to verify: a directory, or a server's URL")
            }
            let isServer = evidence.hasPrefix("http://") || evidence.hasPrefix("https://")
            if printVkey { return try printKeys(evidence, isServer: isServer) }
            var options = try trust.options()
            options.trustedCheckpoints = try seen.map { path in
                do {
                    return try SignedNote(parsing: SmallFile.bytes(of: path))
                } catch let error as LogError {
                    throw CommandFailure(.usage, "\(path) is no checkpoint: \(error.message)")
                }
            }
            let report = try await verify(evidence, isServer: isServer, options)
            try VerdictPrinter.print(report)
        }

        private func printKeys(_ evidence: String, isServer: Bool) throws {
            let source = try source(evidence, isServer: isServer)
            guard let bytes = try source.contents(of: "log/vkeys", maximumByteCount: 1 << 20) else {
                throw CommandFailure(
                    .couldNotRun,
                    "\(evidence) has no log/vkeys; a server says its keys: martlet log keys"
                )
            }
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                Terminal.write(Terminal.harmless(String(line)) + "\n")
            }
        }

        private func source(_ evidence: String, isServer: Bool) throws -> any EvidenceSource {
            guard isServer else { return try EvidenceDirectory(evidence) }
            let token = try tokenFile.map { try SmallFile.text(of: $0).trimmingWhitespace() }
            return EvidenceServer(url: evidence, token: token ?? Terminal.environment("MARTLET_TOKEN"))
        }

        private func verify(
            _ evidence: String,
            isServer: Bool,
            _ options: VerificationOptions
        ) async throws -> VerificationReport {
            let source = try source(evidence, isServer: isServer)
            var bar = ProgressBar("verify", isShown: !quiet && Terminal.errorIsTerminal)
            defer { bar.finish() }
            func show(_ progress: VerificationProgress) {
                bar.update(
                    fraction: progress.fraction,
                    events: Int(clamping: progress.eventCount),
                    byteCount: Int(clamping: progress.byteCount)
                )
            }
            do {
                let isData =
                    try !isServer && ["identity", "journal-end"].contains { try source.byteCount(of: $0) != nil }
                guard isData else {
                    return try await TlogVerifier(source, options, minimumIndex: prunedBelow).verify(progress: show)
                }
                return try await LogVerifier(source, options).verify(progress: show)
            } catch let error as EvidenceError {
                throw CommandFailure(.couldNotRun, "\(evidence), \(error.name): \(error.message)")
            }
        }
    }
}

// MARK: - A receipt

extension VerifyCommand {
    struct ReceiptCheck: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "receipt",
            abstract: "Verify that an event was in the log when a checkpoint was signed.",
            discussion: """
                The receipt alone proves that the log had a leaf. With the event it proves that the leaf is of that event: give \
                the bytes as the log keeps them, martlet show INDEX --output ndjson; one line end behind them is not counted.
                """
        )

        @Argument(help: ArgumentHelp("A receipt (c2sp.org/tlog-proof).", valueName: "file"), completion: .file())
        var file: String

        @Option(help: ArgumentHelp("The event's bytes.", valueName: "file"), completion: .file())
        var event: String?

        @OptionGroup var trust: TrustOptions

        func run() async throws {
            let options = try trust.options()
            guard !options.keys.isEmpty || options.policy != nil else {
                throw ValidationError("say whom to believe: --vkey, or --policy; a receipt vouches for nobody's key")
            }
            let receipt: Receipt
            do {
                receipt = try Receipt(parsing: SmallFile.bytes(of: file))
            } catch let error as LogError {
                throw CommandFailure(.no, "\(file) is no receipt: \(error.message)")
            }
            let bytes = try event.map { try SmallFile.bytes(of: $0) }
            do {
                try check(receipt, event: bytes, options)
            } catch let error as LogError {
                throw CommandFailure(.no, "tampered: \(Terminal.harmless(error.message))")
            } catch let error as LeafError {
                throw CommandFailure(.no, "tampered: \(error.message)")
            }
        }

        private func check(_ receipt: Receipt, event: [UInt8]?, _ options: VerificationOptions) throws {
            let checkpoint = try Checkpoint(parsing: receipt.checkpoint.text)
            if let origin = options.origin, !checkpoint.origin.utf8.elementsEqual(origin.utf8) {
                throw CommandFailure(
                    .no,
                    "tampered: the checkpoint is of \(Terminal.harmless(checkpoint.origin)), not of \(origin)"
                )
            }
            guard let extra = receipt.extra else {
                throw CommandFailure(.incomplete, "the receipt has no leaf; it is not one of Martlet's")
            }
            let opening = try LeafOpening(parsing: extra)
            try receipt.checkInclusion(of: opening.leaf.hash)
            let witnesses = try signatures(of: receipt, options)
            if event != nil, opening.bodySalt == nil {
                describe(receipt, checkpoint, opening, hasEvent: false, witnesses)
                throw CommandFailure(
                    .incomplete,
                    """
                    the leaf is in the log; of what event it is cannot be checked, because the receipt has no salt: it was made for \
                    somebody who may not read the event, or the event was erased
                    """
                )
            }
            if let event { try check(opening, event) }
            if opening.sender != nil { try opening.checkSender() }
            describe(receipt, checkpoint, opening, hasEvent: event != nil, witnesses)
            guard event != nil else {
                throw CommandFailure(
                    .incomplete,
                    "no --event was given: the leaf is in the log, and of what event it is was not checked"
                )
            }
        }

        /// The names of witnesses that signed.
        private func signatures(of receipt: Receipt, _ options: VerificationOptions) throws -> [String] {
            var names: [String] = []
            if let policy = options.policy {
                let verdict = try policy.evaluate(
                    receipt.checkpoint,
                    latest: options.now.flatMap { CosignatureTime(seconds: $0 + 300) }
                )
                names = verdict.witnesses.map { policy.witnesses[$0.index].verifier.name }
                guard verdict.isQuorumMet else {
                    throw CommandFailure(.incomplete, "fewer witnesses signed than the policy asks for")
                }
            }
            guard !options.keys.isEmpty else { return names }
            let verified = try receipt.checkpoint.verified(by: options.keys)
            guard verified.contains(where: { $0.kind == .ed25519 }) else {
                throw CommandFailure(.no, "tampered: no key of the log signed the checkpoint")
            }
            return names + verified.filter { $0.kind != .ed25519 }.map(\.signature.name)
        }

        private func check(_ opening: LeafOpening, _ event: [UInt8]) throws {
            do {
                try opening.check(event: event.span.bytes)
            } catch {
                // What a shell puts behind the bytes.
                guard event.last == UInt8(ascii: "\n") else { throw error }
                try opening.check(event: event.span.bytes.extracting(0..<event.count - 1))
            }
        }

        private func describe(
            _ receipt: Receipt,
            _ checkpoint: Checkpoint,
            _ opening: LeafOpening,
            hasEvent: Bool,
            _ witnesses: [String]
        ) {
            let line = VerdictPrinter.line
            line("log", checkpoint.origin)
            line("event", "\(receipt.index) of \(checkpoint.size)")
            line("received", Timestamp(nanosecondsSinceEpoch: opening.leaf.received).description)
            line("stream", "\(opening.leaf.stream)\(opening.leaf.isConflict ? ", marked as a conflict" : "")")
            if let sender = opening.sender { line("handed in by", "\(sender.submitter), \(sender.origin)") }
            if !witnesses.isEmpty { line("witnesses", witnesses.joined(separator: ", ")) }
            if hasEvent { Terminal.write("\(Colour.good.paint("verified"))\n") }
        }
    }
}

/// Says what a verification found, for people.
enum VerdictPrinter {
    static func line(_ label: String, _ value: String) {
        let padded = label + String(repeating: " ", count: max(1, 16 - label.count))
        Terminal.write("\(Colour.quiet.paint(padded))\(Terminal.harmless(value))\n")
    }

    /// Writes the report.
    ///
    /// - Throws: `CommandFailure` with the exit status of the outcome.
    static func print(_ report: VerificationReport) throws {
        for finding in report.findings { Terminal.write(text(finding)) }
        if report.findingCount > report.findings.count {
            Terminal.write("… and \(report.findingCount - report.findings.count) more\n")
        }
        if let origin = report.origin { line("log", origin) }
        line("checked", "\(grouped(report.eventCount)) events, \(ByteText.short(Int(clamping: report.byteCount)))")
        line("signed", "\(grouped(report.size)) events\(report.root.map { ", root \($0.base64)" } ?? "")")
        if let newest = report.newestReceived {
            line("up to", Timestamp(nanosecondsSinceEpoch: newest).description)
        }
        line("keys", keys(report))
        if report.olderCheckpointCount > 0 {
            line("older", "\(grouped(UInt64(report.olderCheckpointCount))) checkpoints continued")
        }
        if !report.witnesses.isEmpty { line("witnesses", report.witnesses.joined(separator: ", ")) }
        if let witnessed = report.witnessed { line("witnessed", "\(grouped(witnessed.size)) events") }
        if report.erasedCount > 0 { line("erased", "\(grouped(report.erasedCount)) events, whose leaves are proven") }
        for gap in report.gaps { line("not checked", text(gap)) }
        switch report.outcome {
        case .verified:
            Terminal.write("\(Colour.good.paint("verified"))\n")
        case .tampered:
            Terminal.write("\(Colour.bad.paint("tampered"))\n")
            throw CommandFailure(.no)
        case .incomplete:
            Terminal.write("\(Colour.attention.paint("incomplete"))\n")
            throw CommandFailure(.incomplete)
        }
    }

    private static func keys(_ report: VerificationReport) -> String {
        switch report.keyOrigin {
        case .given: "yours"
        case .directory:
            "the directory's own: they prove that nothing changed since whoever has the key signed, and no more"
        case .none: "none"
        }
    }

    private static func text(_ finding: Finding) -> String {
        var words = [Colour.bad.paint(finding.kind.rawValue), Terminal.harmless(finding.file)]
        if let indices = finding.indices, !indices.isEmpty {
            words.append("events \(indices.lowerBound) to \(indices.upperBound - 1)")
        }
        return (words + [Terminal.harmless(finding.reason)]).joined(separator: "  ") + "\n"
    }

    private static func text(_ gap: VerificationGap) -> String {
        let range = gap.indices.map { "events \($0.lowerBound) to \(max($0.upperBound, 1) - 1): " } ?? ""
        return "\(range)\(gap.reason)\(gap.file.isEmpty ? "" : " (\(gap.file))")"
    }

    private static func grouped(_ number: UInt64) -> String { ProgressBar.grouped(Int(clamping: number)) }
}
