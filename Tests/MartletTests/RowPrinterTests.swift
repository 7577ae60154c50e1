// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import martlet

@Suite struct RowPrinterTests {
    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("a b", "a b"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("=A1,\"x\"", "\"'=A1,\"\"x\"\"\""),
        ("1=1", "1=1"), ("a\nb", "a\\u{a}b"), ("\t=1", "\\u{9}=1"),
    ])
    func `cells for spreadsheets are quoted and are no formulas`(value: String, cell: String) {
        #expect(RowPrinter.quoted(value) == cell)
    }
}
