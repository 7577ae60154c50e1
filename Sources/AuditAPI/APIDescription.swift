// SPDX-License-Identifier: Apache-2.0

import CAPIDescription
import Hummingbird
import NIOCore

/// The description of the API for programs: `GET /openapi.json`.
enum APIDescription {
    /// An OpenAPI 3.1 document.
    static func json() -> [UInt8] {
        // SAFETY: the two functions describe one array of the C target that is constant and lives as long as the process.
        [UInt8](
            UnsafeBufferPointer(
                start: martlet_api_description_bytes(),
                count: martlet_api_description_byte_count()
            )
        )
    }

    static func addOpen(to router: Router<MartletContext>) {
        router.get("openapi.json") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/json", .cacheControl: "no-cache"],
                body: .init(byteBuffer: ByteBuffer(bytes: json()))
            )
        }
    }
}
