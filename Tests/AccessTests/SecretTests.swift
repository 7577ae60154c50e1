// SPDX-License-Identifier: Apache-2.0

import Access
import Testing

@Suite struct SecretTests {
    @Test func `no way of printing shows the text`() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)

        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect("\(secret)" == "[secret]")
    }

    @Test func `a structure that holds one does not print it either`() {
        struct Request {
            let token = Secret("hunter2")
        }

        #expect(!"\(Request())".contains("hunter2"))
    }

    @Test func `the text is had by asking for it`() {
        #expect(Secret("hunter2").reveal() == "hunter2")
    }
}
