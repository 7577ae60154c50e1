# SPDX-License-Identifier: Apache-2.0
"""Asks Python which texts fit regular expressions and which addresses lie in networks.

    python3 python_tables.py >Generated/PythonTables.swift

Expressions are tried with re.fullmatch, ASCII classes and `.` for every character; networks with ipaddress, where
an address of IPv6 that is mapped from IPv4 counts as that one, too.
"""

import ipaddress
import random
import re

generator = random.Random(20261122)

EXPRESSIONS = [
    (r"kafka\..*", ["kafka.CreateTopics", "kafkaXCreate", "kafka.", "mds.Authorize"]),
    (r"kafka\.(Create|Delete)Topics?", ["kafka.CreateTopics", "kafka.DeleteTopic", "kafka.AlterTopics"]),
    (r"[A-Z][a-z]+:u-\d{1,3}", ["User:u-1", "User:u-1234", "user:u-1", "User:u-", "User:u-123"]),
    (r"(?:sa|u)-[0-9a-z]{6}", ["sa-1abc2d", "u-1abc2d", "u-1abc2", "p-1abc2d"]),
    (r"[^:]*:[^:]*", ["a:b", ":", "a", "a:b:c"]),
    (r"\w+@\w+\.(com|org)", ["alice@example.com", "bob@example.net", "@example.com"]),
    (r"\d+\.\d+\.\d+\.\d+", ["10.1.2.3", "10.1.2", "10.1.2.3.4"]),
    (r"[]a]+", ["]", "a]", "b", ""]),
    (r"[^]a]+", ["b", "]", "a", ""]),
    (r"[a-]+", ["-", "a-a", "b"]),
    (r"[-a]+", ["-", "a-a", "b"]),
    (r"[\w-]+", ["a-b", "_", "a.b"]),
    (r"[^\d\s]*", ["ab", "a1", "a b", ""]),
    (r"[\D]", ["a", "1", "é"]),
    (r"\S\s\S", ["a b", "a\nb", "ab", "a\u00a0b"]),
    (r"\W", ["é", "_", "-", "a"]),
    (r".", ["a", "é", "\n", "", "ab", "\U0001F426"]),
    (r"..", ["é", "éa", "\U0001F426\U0001F426", "a"]),
    (r"[ä-ü]+", ["äöü", "é", "a", "ß"]),
    ("[\U0001F400-\U0001F4FF]", ["\U0001F426", "\U0001F3FF", "\U0001F500"]),
    (r"é|è", ["é", "è", "e"]),
    (r"a{3}", ["aaa", "aa", "aaaa"]),
    (r"a{2,}", ["a", "aa", "aaaaa"]),
    (r"a{,2}", ["", "a", "aa", "aaa"]),
    (r"a{1,3}", ["", "a", "aaa", "aaaa"]),
    (r"a{0}b", ["b", "ab"]),
    (r"(ab){2,3}", ["ab", "abab", "ababab", "abababab", "aba"]),
    (r"(a|b{2}){2}", ["aa", "abb", "bbbb", "bb", "ab"]),
    (r"(a*)*", ["", "aaa", "b"]),
    (r"(a*)*b", ["b", "aab", "aa"]),
    (r"(a?){3}", ["", "aa", "aaa", "aaaa"]),
    (r"(a|)+b", ["b", "aab", "a"]),
    (r"(|a)(b|)", ["", "a", "b", "ab", "ba"]),
    (r"a||b", ["a", "", "b", "ab"]),
    (r"(((a)))", ["a", ""]),
    (r"(?:)", ["", "a"]),
    (r"()", ["", "a"]),
    (r"\.\*\+\?\(\)\[\]\{\}\|\\\^\$", [".*+?()[]{}|\\^$", "a"]),
    (r"a}]b", ["a}]b", "ab"]),
    (r"\n\t", ["\n\t", "nt"]),
    (r"[\n\t]", ["\n", "\t", "n", "\\"]),
    (r"[.*+?(){}|$]+", [".*", "+?(", "){}|$", "a"]),
    (r"[a^]", ["a", "^", "b"]),
    (r"[+--]+", ["+", ",", "-", "."]),
    (r"x*y*z*", ["", "xyz", "zyx", "xxz", "yz"]),
    (r"(a|b)*a(a|b){4}", ["abbbb", "bbbbb", "aaaaa", "babab"]),
]


def random_expression(depth):
    kind = generator.randrange(9) if depth else generator.randrange(4)
    if kind < 2:
        return generator.choice(["a", "b", "c", "A", "é", r"\.", r"\d", "1"])
    if kind == 2:
        return generator.choice([".", "[ab]", "[^a]", "[a-c1]", r"[\w]", r"\W", r"[^\d]"])
    if kind == 3:
        return generator.choice(["ab", "bc", "a1", "cA"])
    if kind == 4:
        return "(" + random_expression(depth - 1) + "|" + random_expression(depth - 1) + ")"
    if kind == 5:
        return "(?:" + random_expression(depth - 1) + ")" + generator.choice(["*", "+", "?", "{2}", "{1,2}", "{2,}", "{,2}"])
    return "".join(random_expression(depth - 1) for _ in range(generator.randrange(1, 4)))


def random_text():
    return "".join(generator.choice("aabbcA1é.") for _ in range(generator.randrange(7)))


def printed(text):
    """One field of a line: tabs divide, ends of lines are ends of rows, and editors take spaces away."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace(" ", "\\s")


def expression_rows():
    cases = [(source, flag, texts) for source, texts in EXPRESSIONS for flag in ("", "i")]
    for _ in range(500):
        source = random_expression(3)
        while len(source) > 60:
            source = random_expression(3)
        texts = sorted({random_text() for _ in range(40)})
        pattern = re.compile(source, re.ASCII | re.DOTALL)
        hits = [text for text in texts if pattern.fullmatch(text)]
        misses = [text for text in texts if not pattern.fullmatch(text)]
        cases.append((source, generator.choice(["", "i"]), hits[:4] + generator.sample(misses, min(3, len(misses)))))
    for source, flag, texts in cases:
        pattern = re.compile(source, re.ASCII | re.DOTALL | (re.IGNORECASE if flag else 0))
        for fits in (True, False):
            chosen = [text for text in texts if bool(pattern.fullmatch(text)) == fits]
            if chosen:
                yield "\t".join([printed(source), flag, "fits" if fits else "no"] + [printed(text) for text in chosen])


NETWORKS = [
    "10.0.0.0/8", "10.1.2.3/8", "0.0.0.0/0", "192.168.17.4/30", "203.0.113.7/32", "172.16.0.0/12", "::/0", "::1/128",
    "2001:db8::/32", "2001:DB8:0:1::/64", "fe80::/10", "::ffff:10.0.0.0/104", "::ffff:0:0/96", "::ffff:0:0/95",
    "2001:db8::10.1.2.3/127", "1:0:0:2:0:0:0:3/128", "1:2:3:4:5:6:7::/112", "::2:3:4:5:6:7:8/128", "64:ff9b::/96",
]
ADDRESSES = [
    "10.0.0.0", "10.255.255.255", "11.0.0.0", "9.255.255.255", "192.168.17.3", "192.168.17.4", "192.168.17.7",
    "203.0.113.7", "172.31.255.255", "172.32.0.0", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::",
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::", "2001:0DB8::0001:0:0:1", "2001:db8:0:1::5",
    "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "::ffff:10.1.2.3", "::ffff:a01:203", "::ffff:11.0.0.0",
    "::fffe:10.1.2.3", "::10.1.2.3", "64:ff9b::10.1.2.3", "2001:db8::10.1.2.2", "1::2:0:0:0:3", "1:2:3:4:5:6:7::",
    "1:2:3:4:5:6:7:0", "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8",
    # No addresses.
    "", "10", "10.1.2", "10.1.2.3.4", "10.1.2.03", "10.1.2.256", "10.1.2.-3", "10.1.2.3 ", " 10.1.2.3", "10.1.2.3/8",
    "10..2.3", "1000.1.2.3", "0x0a.1.2.3", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "1:2:", ":1:2", "::10.1.2", "::10.1.2.3:1",
    "10.1.2.3::", "fe80::1%", "10.1.2.3%eth0", "[::1]", "host", "1:2:3:4:5:6:7:10.1.2.3",
]


def lies_in(text, network):
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    if network.version == 6 and network.subnet_of(ipaddress.ip_network("::ffff:0:0/96")):
        network = ipaddress.ip_network((network.network_address.ipv4_mapped, network.prefixlen - 96))
    if network.version == 4:
        return (mapped or address) in network
    return address in network


def network_rows():
    for text in NETWORKS:
        network = ipaddress.ip_network(text, strict=False)
        inside = [address for address in ADDRESSES if lies_in(address, network)]
        printed_network = str(network)
        if network.version == 6 and network.subnet_of(ipaddress.ip_network("::ffff:0:0/96")):
            printed_network = f"{network.network_address.ipv4_mapped}/{network.prefixlen - 96}"
        yield "\t".join([text, printed_network] + [printed(address) for address in inside])


def table(name, summary, rows):
    print(f'\n    /// {summary}\n    static let {name} = #"""')
    for row in rows:
        print("        " + row)
    print('        """#')


print("// SPDX-License-Identifier: Apache-2.0")
print("// Made by python_tables.py. Lines of fields with tabs between them.\n")
print("enum PythonTables {", end="")
table("expressions", "Expression, `i` or nothing, `fits` or `no`, and texts.", expression_rows())
table("networks", "Network, the same as it prints, and those of `addresses` that lie in it.", network_rows())
table("addresses", "Texts, of which some are no addresses.", map(printed, filter(None, ADDRESSES)))
print("}")
