// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Logging
import Metrics

/// Every message and metric of the API.
enum APITelemetry {
    static func answered(_ request: Request, _ status: HTTPResponse.Status) {
        Counter(
            label: "api_requests_total",
            dimensions: [("method", request.method.rawValue), ("status", String(status.code))]
        ).increment()
    }

    /// An answer that could not be written to its end.
    static func logBreak(_ error: any Error, _ logger: Logger) {
        logger.error("answer broken off", metadata: ["error": "\(String(describing: error))"])
    }

    static func logFailure(_ error: any Error, _ request: Request, _ logger: Logger) {
        logger.error(
            "request failed",
            metadata: [
                "http.method": "\(request.method)", "http.path": "\(request.uri.path)",
                "error": "\(String(describing: error))",
            ]
        )
    }
}
