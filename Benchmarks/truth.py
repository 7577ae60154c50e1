#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reference answers for WORKLOAD.md by a plain pass over the NDJSON (orjson).  truth.py corpus.ndjson > truth.json
Parameters of the queries (the needle id, the hour of Q6) are fixed here from the corpus so that every peer gets the same."""
import sys, collections, orjson, hashlib

def main(path):
    n = 0; size = 0
    by_type = collections.Counter(); denied = collections.Counter(); rare = []; ip = []; hist = collections.Counter(); pay = []
    hour_method = collections.Counter(); absent = 0; ids = []
    Q6M = "kafka.FetchConsumer"; q6 = collections.defaultdict(list)
    pay_m = collections.Counter()
    for off, l in enumerate(open(path, "rb")):
        n += 1; size += len(l)
        d = orjson.loads(l); a = d["data"]; t = d["time"]; m = a["methodName"]
        by_type[d["type"]] += 1
        z = a.get("authorizationInfo"); ai = a["authenticationInfo"]; p = ai.get("principal")
        dn = z is not None and not z["granted"]
        if dn and isinstance(p, str): denied[p] += 1
        if p == "User:sa-n33dl1": rare.append((t, d["id"]))
        if b"203.0.113.77" in l: ip.append((t, d["id"]))
        if b"198.19.255.254" in l: absent += 1
        r = a.get("result")
        if dn or (r is not None and r["status"] != "SUCCESS"): hist[(t[:13], m)] += 1
        if m == Q6M: q6[t[:13]].append((t, d["id"]))
        if "/topic=payments-" in a["resourceName"]: pay.append((t, d["id"])); pay_m[m] += 1
    # the needle id: the record at 73.1 % of the file
    k = int(n * 0.731)
    for i, l in enumerate(open(path, "rb")):
        if i == k: nid = orjson.loads(l)["id"]; break
    hr = max(q6, key=lambda h: (len(q6[h]), h))
    def top(v, c=100): return sorted(v, key=lambda x: x[0], reverse=True)[:c]
    def hsh(v): return hashlib.sha256("\n".join(sorted(x[1] for x in v)).encode()).hexdigest()[:16]
    o = dict(corpus=path, events=n, bytes=size,
             params=dict(needle_id=nid, rare_principal="User:sa-n33dl1", needle_ip="203.0.113.77", absent_ip="198.19.255.254",
                         q6_method=Q6M, q6_hour=hr, q9_prefix="payments-"),
             Q1=n, Q2=dict(by_type.most_common()),
             Q3=sorted(denied.items(), key=lambda x: (-x[1], x[0]))[:10],
             Q4=1, Q5_total=len(rare), Q5_ids=[x[1] for x in top(rare)], Q6_total=len(q6[hr]), Q6_ids=[x[1] for x in top(q6[hr])],
             Q7_total=len(ip), Q7_hash=hsh(ip), Q7n=absent, Q8_rows=len(hist), Q8_sum=sum(hist.values()),
             Q9_total=len(pay), Q9_methods=dict(pay_m.most_common()), Q9_ids=[x[1] for x in top(pay)])
    sys.stdout.buffer.write(orjson.dumps(o, option=orjson.OPT_INDENT_2) + b"\n")

main(sys.argv[1])
