// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Keep a log in a directory and serve it over HTTP.",
        discussion: """
            Runs until SIGTERM or Ctrl-C, then finishes what was begun. Who may do what is decided by tokens; make the first \
            one before the server runs:
              martlet token create --data DIR --name admin --scopes admin
              martlet serve --data DIR

            martlet config check shows every setting, also those that have no flag.
            """
    )

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let settings = try options.settings().checked()
        guard let directory = settings.text(.data) else {
            throw CommandFailure(.usage, "say where the log is kept: martlet serve --data DIR")
        }
        try await Server(settings, directory: directory).run()
    }
}
