// SPDX-License-Identifier: Apache-2.0

/// Lets filters begin with a minus on the command line.
///
/// `-outcome:success` is how the query language negates, and would be read as a row of short options. No option of ours has
/// a colon before its value, so what looks like a negated condition is one.
enum FilterArguments {
    private static let commands: Set<String> = ["export", "query", "tail"]

    /// The arguments with `-field:value` written as `NOT field:value`, for the commands that take a filter.
    static func rewritten(_ arguments: some Sequence<String>) -> [String] {
        var arguments = Array(arguments)
        guard let command = arguments.first, commands.contains(command) else { return arguments }
        for place in arguments.indices.dropFirst() where isNegatedCondition(arguments[place]) {
            arguments[place] = "NOT " + arguments[place].dropFirst()
        }
        return arguments
    }

    private static func isNegatedCondition(_ argument: String) -> Bool {
        guard argument.hasPrefix("-"), !argument.hasPrefix("--"), let colon = argument.firstIndex(of: ":") else {
            return false
        }
        let name = argument[argument.index(after: argument.startIndex)..<colon]
        return !name.isEmpty && name.allSatisfy { $0.isLetter || $0 == "." || $0 == "_" || $0.isNumber }
    }
}
