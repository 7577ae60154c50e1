// SPDX-License-Identifier: Apache-2.0

/// One `import` of a Swift file.
struct ImportLine: Equatable {
    let module: String

    private static let kinds: Set<Substring> = [
        "class", "enum", "func", "let", "protocol", "struct", "typealias", "var",
    ]
    private static let levels: Set<Substring> = ["fileprivate", "internal", "package", "private", "public"]

    /// The import on a line; nil when there is none.
    ///
    /// Attributes, access levels, kinds and submodules may be there.
    init?(_ line: Substring) {
        var words = line.prefix { $0 != ";" }.split(whereSeparator: \.isWhitespace)[...]
        while let word = words.first, word.hasPrefix("@") || Self.levels.contains(word) { words.removeFirst() }
        guard words.popFirst() == "import", var name = words.popFirst() else { return nil }
        if Self.kinds.contains(name) {
            guard let module = words.popFirst() else { return nil }
            name = module
        }
        module = String(name.prefix { $0 != "." })
    }

    /// The modules that a file imports.
    static func modules(in source: String) -> Set<String> {
        Set(source.split(whereSeparator: \.isNewline).compactMap { Self($0)?.module })
    }
}
