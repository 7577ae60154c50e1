// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditModel
import EventMapping

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Explain what is captured.",
        subcommands: [Explain.self, Check.self]
    )

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain",
            abstract: "Say whether something is captured, and why.",
            discussion: """
                Of a resource by its CRN, of a method by its name, or of an event, one JSON object in a file or - for standard input.

                  martlet policy explain kafka.DeleteTopics
                  martlet policy explain crn:///kafka=orders-eu/topic=payments --policy policy.yaml
                  martlet show 17 --output ndjson | martlet policy explain -

                Exit status 1: it is not captured.
                """
        )

        @Argument(help: ArgumentHelp("A CRN, a method, or a file with an event.", valueName: "crn|method|file"))
        var subject: String

        @Option(
            help: ArgumentHelp("The policy, YAML. Default: what holds without one.", valueName: "file"),
            completion: .file()
        )
        var policy: String?

        func run() async throws {
            let policy = try PolicyFile.policy(policy)
            let explanation = try explanation(policy)
            for sentence in explanation.sentences { Terminal.write(Terminal.harmless(sentence) + "\n") }
            if explanation.isCaptured == false { throw CommandFailure(.no) }
        }

        private func explanation(_ policy: CapturePolicy) throws -> PolicyExplanation {
            if let crn = CRN(subject) { return policy.explain(crn) }
            if let explanation = policy.explain(method: subject) { return explanation }
            guard subject == "-" || subject.contains("/") || subject.contains(".json") else {
                throw CommandFailure(
                    .usage,
                    "\"\(Terminal.harmless(subject))\" is neither a CRN nor a method of Kafka's, such as kafka.CreateTopics; give a file with an event as a path: ./event.json"
                )
            }
            guard
                let explanation = policy.explain(
                    event: try SmallFile.bytes(of: subject == "-" ? "/dev/stdin" : subject)
                )
            else { throw CommandFailure(.usage, "\(Terminal.harmless(subject)) holds no event of Kafka's") }
            return explanation
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Read a policy and say what it captures. Exit status 2 when it is wrong."
        )

        @Argument(help: ArgumentHelp("The policy, YAML.", valueName: "file"), completion: .file())
        var file: String

        func run() async throws {
            let policy = try PolicyFile.policy(file)
            var table = Table([
                .init(title: "CATEGORY"), .init(title: "CAPTURED"), .init(title: "WHEN THE LOG IS FULL"),
            ])
            for category in CaptureCategory.allCases {
                let isOn = policy.categories.contains(category)
                table.add(
                    [category.rawValue, isOn ? "yes" : "no", policy.whenUnavailable(category).rawValue],
                    colours: [nil, isOn ? .good : .quiet]
                )
            }
            Terminal.write(table.rendered(width: max(Terminal.width, 60)))
            for rule in policy.rules {
                let names = rule.categories.map(\.rawValue).sorted().joined(separator: ", ")
                Terminal.write("\(Terminal.harmless(rule.text)): \(names.isEmpty ? "nothing" : names)\n")
            }
            for weakening in policy.weakenings { Terminal.complain("recorded when it is loaded: \(weakening)") }
        }
    }
}
