// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Which log a command works on: a server's, or a data directory's.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "URL of a running server.",
            discussion: "Default: $MARTLET_SERVER, or http://127.0.0.1:8080.",
            valueName: "url"
        )
    )
    var server: String?

    @Option(
        help: ArgumentHelp("Work straight on a data directory instead of a server.", valueName: "dir"),
        completion: .directory
    )
    var data: String?

    @Option(
        help: ArgumentHelp(
            "File with the API token for the server.",
            discussion:
                "Default: the token in $MARTLET_TOKEN. Tokens are never taken from the command line, which others can see.",
            valueName: "file"
        ),
        completion: .file()
    )
    var tokenFile: String?

    func validate() throws {
        guard server == nil || data == nil else {
            throw ValidationError("--server and --data name two logs; give one of them")
        }
    }

    /// The server to ask.
    func serverClient() throws -> ServerClient {
        let url = server ?? Terminal.environment("MARTLET_SERVER") ?? "http://127.0.0.1:8080"
        return try ServerClient(url: url, token: Self.token(tokenFile))
    }

    /// The token in a file, or in the environment where none is named.
    static func token(_ file: String?) throws -> String? {
        guard let file else { return Terminal.environment("MARTLET_TOKEN") }
        let token = try SmallFile.text(of: file).trimmingWhitespace()
        // What goes into a header; a library would print what it refuses.
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw CommandFailure(.usage, "\(file) holds no token: one line, as martlet token create prints it")
        }
        return token
    }
}

extension String {
    func trimmingWhitespace() -> String {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start
        return String(self[start..<end])
    }
}
