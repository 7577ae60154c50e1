#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Deterministic generator of Confluent-Cloud-format audit events (CloudEvents JSON), NDJSON out.

  gen_events.py --events 1000000 --seed 1 --out .bench/events-1m.ndjson

Same (--events, --seed, --start, --days) and numpy -> same bytes.  Every record is synthetic; identifiers, names and
addresses are random (documentation/private address ranges).  Shapes follow the public audit-log schema pages:
  family A  kafka/sg/ksql/flink authentication + authorization: principal is a string "User:sa-..."
  family B  */request, cloud/authorization, access-transparency: cloudResources[], principal is an OBJECT
            ({"confluentServiceAccount":{"resourceId":..}} or {"email":..,"confluentUser":{"resourceId":..}})
Distributions: ~2,000 principals Zipf(1.05); ~5,000 topics Zipf(1.1); 24 clusters; connections live for a window of
events and carry (principal, cluster, ip, port, clientId, connectionId, API key); diurnal + weekly rate; ~1.5 % denials,
~1.7 % authentication failures, ~1 % request failures, plus one denial burst.
Needles (positions are a function of --events and --seed):
  principal User:sa-n33dl1   137 events, of which 20 kafka.DeleteTopics inside 12 minutes on day 21
  client ip 203.0.113.77     60 events: 53 as clientAddress, 7 only inside result.message / aclAuthorization.host text
  decoy ip  203.0.113.7      ~500 events (a prefix of the needle, not a match for it)
"""
import argparse, sys, time as _time
import numpy as np

ORG = "9f3c1d52-7b1e-4c65-9a0f-2d6b8f1e4c77"
A36 = np.array(list("abcdefghijklmnopqrstuvwxyz0123456789"))
A36U = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
DOMAINS = ["orders", "inventory", "shipping", "customers", "clickstream", "sessions", "catalog", "pricing", "search",
           "fraud", "ledger", "billing", "notifications", "email", "ads", "telemetry", "iot", "fleet", "returns",
           "loyalty", "recommendations", "identity", "audit", "cdc"]
NOUNS = ["events", "commands", "snapshots", "changes", "facts", "requests", "responses", "updates", "raw", "enriched",
         "aggregates", "deadletter", "retry", "state", "changelog", "repartition", "created", "deleted", "validated"]
SUFFIX = ["v1", "v2", "v3", "eu", "us", "apac", "prod", "staging", "dlq", "compact"]
SRNAMES = ["schema-registry.GetSchemas", "schema-registry.GetSchemaById", "schema-registry.LookUpSchemaUnderSubject",
           "schema-registry.ListVersions", "schema-registry.TestCompatibilityBySubjectName"]
SRMGMT = ["schema-registry.RegisterSchema", "schema-registry.DeleteSubject", "schema-registry.UpdateSubjectLevelConfig",
          "schema-registry.DeleteSchemaVersion"]
CLOUDM = [("SignIn", "ORGANIZATION", "READ_ONLY"), ("GetAPIKeys", "API_KEY", "READ_ONLY"),
          ("CreateAPIKey", "API_KEY", "MODIFICATION"), ("DeleteAPIKey", "API_KEY", "MODIFICATION"),
          ("GetServiceAccounts", "ORGANIZATION", "READ_ONLY"), ("CreateServiceAccount", "ORGANIZATION", "MODIFICATION"),
          ("GetKafkaClusters", "KAFKA_CLUSTER", "READ_ONLY"), ("CreateKafkaCluster", "KAFKA_CLUSTER", "MODIFICATION"),
          ("GetEnvironments", "ENVIRONMENT", "READ_ONLY"), ("CreateEnvironment", "ENVIRONMENT", "MODIFICATION"),
          ("BindRoleForPrincipal", "CLOUD_CLUSTER", "MODIFICATION"), ("UnbindRoleForPrincipal", "CLOUD_CLUSTER", "MODIFICATION"),
          ("GetStatement", "STATEMENT", "READ_ONLY"), ("CreateStatement", "STATEMENT", "MODIFICATION"),
          ("GetComputePool", "COMPUTE_POOL", "READ_ONLY"), ("GetConnectors", "CONNECTOR", "READ_ONLY"),
          ("CreateConnector", "CONNECTOR", "MODIFICATION"), ("UpdateNetwork", "NETWORK", "MODIFICATION"),
          ("GetInvoices", "ORGANIZATION", "READ_ONLY"), ("CreateUserInvitation", "USER_INVITATION", "MODIFICATION"),
          ("DeleteUser", "USER", "MODIFICATION"), ("EnableTableflowTopic", "TOPIC", "MODIFICATION"),
          ("LoadIcebergTable", "ICEBERG_TABLE", "READ_ONLY"), ("TableflowSignRequest", "ICEBERG_SIGNER", "READ_ONLY")]
CLOUDW = [22, 9, 1.5, .8, 9, .8, 10, .2, 9, .2, 1.2, .5, 9, 2.5, 5, 5, .7, .2, 1, .4, .1, .4, 7, 5]

# (kind, method, operation, resourceType, weight %)
K = [("authn", "kafka.Authentication", "", "", 32.0),
     ("authz", "kafka.Produce", "Write", "Topic", 15.0), ("authz", "kafka.FetchConsumer", "Read", "Topic", 13.0),
     ("authz", "kafka.JoinGroup", "Read", "Group", 3.0), ("authz", "kafka.OffsetCommit", "Read", "Group", 2.5),
     ("mds", "mds.Authorize", "", "", 5.0),
     ("authz", "kafka.DescribeConfigs", "DescribeConfigs", "Topic", 1.0),
     ("authz", "kafka.CreateTopics", "Create", "Topic", .4), ("authz", "kafka.DeleteTopics", "Delete", "Topic", .1),
     ("authz", "kafka.AlterConfigs", "AlterConfigs", "Topic", .2),
     ("authz", "kafka.IncrementalAlterConfigs", "AlterConfigs", "Cluster", .3),
     ("authz", "kafka.CreateAcls", "Alter", "Cluster", .25), ("authz", "kafka.DeleteAcls", "Alter", "Cluster", .1),
     ("authz", "kafka.CreatePartitions", "Alter", "Topic", .05), ("authz", "kafka.DeleteGroups", "Delete", "Group", .1),
     ("kreq", "kafka.Produce", "", "Topic", 4.5), ("kreq", "kafka.Fetch", "", "Topic", 4.5),
     ("kreq", "kafka.CreateTopics", "", "Topic", .3), ("kreq", "kafka.DeleteTopics", "", "Topic", .1),
     ("kreq", "kafka.IncrementalAlterConfigs", "", "Topic", .3), ("kreq", "kafka.CreateAcls", "", "Cluster", .2),
     ("kreq", "kafka.DeleteRecords", "", "Topic", .1),
     ("sgn", "schema-registry.Authentication", "", "", 4.0), ("sgz", "", "", "", 4.0), ("sgr", "", "", "", 1.5),
     ("fln", "flink.Authenticate", "", "", 1.5), ("flz", "flink.Authorize", "", "", 1.5),
     ("kqn", "ksql.Authentication", "", "", .5), ("kqz", "ksql.Authorize", "", "", .5),
     ("cloud", "", "", "", 3.0), ("ipf", "ip-filter.Authorize", "", "", .45), ("at", "", "", "", .05)]
AUTHN_FAIL = ["Bad password for user", "API key not found", "Invalid credentials", "Token expired", "Client SASL handshake timed out"]
REQ_FAIL = [("FAILURE", "TOPIC_AUTHORIZATION_FAILED"), ("FAILURE", "UNKNOWN_TOPIC_OR_PARTITION"),
            ("FAILURE", "POLICY_VIOLATION"), ("FAILURE", "REQUEST_TIMED_OUT")]
ROLES = ["DeveloperRead", "DeveloperWrite", "DeveloperManage", "ResourceOwner", "CloudClusterAdmin", "EnvironmentAdmin",
         "OrganizationAdmin", "MetricsViewer", "Operator"]
MDSOPS = [("CreateCloudCluster", "Environment"), ("DescribeCloudCluster", "CloudCluster"), ("Describe", "Topic"),
          ("AccessWithToken", "SecurityMetadata"), ("CreateCloudApiKey", "CloudApiKey"), ("ViewBilling", "Billing")]
RARE_P, NEEDLE_IP, DECOY_IP = "User:sa-n33dl1", "203.0.113.77", "203.0.113.7"


def zipf_cdf(n, s):
    w = 1.0 / np.arange(1, n + 1) ** s
    c = np.cumsum(w)
    return c / c[-1]


def rid(rng, n, alphabet, k):
    return ["".join(r) for r in alphabet[rng.integers(0, len(alphabet), (n, k))]]


class World:
    def __init__(self, seed):
        g = np.random.default_rng([seed, 0xA0D17])
        self.envs = ["env-" + x for x in rid(g, 6, A36, 6)]
        self.clusters = ["lkc-" + x for x in rid(g, 24, A36, 6)]
        self.cl_env = [self.envs[i % 6] for i in range(24)]
        self.cl_crn = [f"crn://confluent.cloud/organization={ORG}/environment={e}/cloud-cluster={c}/kafka={c}"
                       for c, e in zip(self.clusters, self.cl_env)]
        self.srs = ["lsrc-" + x for x in rid(g, 6, A36, 6)]
        self.ksqls = ["lksqlc-" + x for x in rid(g, 4, A36, 6)]
        self.flinks = ["aws.us-east-1", "aws.eu-west-1", "gcp.us-east1", "azure.westeurope"]
        NP = 2000
        sa = rid(g, NP, A36, 6)
        is_user = g.random(NP) < 0.15
        self.pr = [("User:u-" if u else "User:sa-") + s for u, s in zip(is_user, sa)]
        self.pr_bare = [p[5:] for p in self.pr]
        self.is_user = is_user.tolist()
        self.email = [f"{p}@example.com" for p in self.pr_bare]
        self.p_cdf = zipf_cdf(NP, 1.05)
        self.denied_perm = g.permutation(NP)          # who gets denied is not who is busiest
        # topics
        NT = 5000
        dom = g.integers(0, len(DOMAINS), NT)
        pay = g.random(NT) < 0.04
        noun = g.integers(0, len(NOUNS), NT); suf = g.integers(0, len(SUFFIX), NT)
        self.topics = []
        seen = set()
        for i in range(NT):
            t = f"{'payments' if pay[i] else DOMAINS[dom[i]]}-{NOUNS[noun[i]]}-{SUFFIX[suf[i]]}"
            if t in seen:
                t = f"{t}-{i:04d}"
            seen.add(t)
            self.topics.append(t)
        t_cdf = zipf_cdf(NT, 1.1)
        # per principal: clusters, ips, keys, client id, topics
        self.p_cl = g.integers(0, 24, (NP, 3))
        nip = g.integers(1, 9, NP)
        base = g.integers(0, 1 << 16, (NP, 8))
        kind = g.integers(0, 3, NP)
        self.p_ip = []
        for i in range(NP):
            pre = ("10.%d.%d.%d", "172.16.%d.%d", "198.18.%d.%d")[kind[i]]
            ips = []
            for j in range(int(nip[i])):
                b = int(base[i, j])
                if kind[i] == 0:
                    ips.append(pre % (20 + i % 40, b >> 8, b & 255))
                else:
                    ips.append(pre % (b >> 8, b & 255))
            self.p_ip.append(ips)
        self.p_key = [rid(g, 3, A36U, 16) for _ in range(NP)]
        cid = g.integers(0, 5, NP)
        self.p_cid = []
        for i in range(NP):
            d = DOMAINS[i % len(DOMAINS)]
            self.p_cid.append((f"{d}-svc-%d", f"connect-{d}-sink-%d", f"{d}-streams-StreamThread-%d-producer",
                               "rdkafka", f"consumer-{d}-app-%d")[cid[i]])
        tp = np.searchsorted(t_cdf, g.random((NP, 12)))
        self.p_tp = [list(dict.fromkeys(min(int(x), NT - 1) for x in r)) for r in tp]
        self.groups = [f"{DOMAINS[i % len(DOMAINS)]}-app-{i % 7}" for i in range(400)]
        self.flinkst = [f"stmt-{x}" for x in rid(g, 300, A36, 10)]
        self.resids = rid(g, 2000, A36, 6)


def times_ms(n, start_ms, days, rng):
    minutes = days * 1440
    m = np.arange(minutes)
    hour = (m % 1440) / 60.0
    dow = ((m // 1440) + 3) % 7
    w = 1.0 + 0.6 * np.exp(-((hour - 14.0) / 4.0) ** 2) + 0.15 * np.sin(m / 7.0) ** 2
    w *= np.where(dow >= 5, 0.6, 1.0)
    c = np.concatenate([[0.0], np.cumsum(w)]); c /= c[-1]
    q = (np.arange(n) + rng.random(n)) / n
    return start_ms + (np.interp(q, c, np.arange(minutes + 1)) * 60000.0).astype(np.int64)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--events", type=int, default=1_000_000)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--start", default="2026-03-01T00:00:00")
    ap.add_argument("--days", type=int, default=30)
    ap.add_argument("--out", default="-")
    a = ap.parse_args()
    N, W = a.events, World(a.seed)
    start_ms = int(np.datetime64(a.start, "ms").astype(np.int64))
    T = times_ms(N, start_ms, a.days, np.random.default_rng([a.seed, 1]))
    # ---- needles
    gn = np.random.default_rng([a.seed, 2])
    special = {}
    lo = int(np.searchsorted(T, start_ms + (20 * 1440 + 14 * 60 + 7) * 60000))
    hi = int(np.searchsorted(T, start_ms + (20 * 1440 + 14 * 60 + 19) * 60000))
    hi = max(hi, lo + 40)
    if N >= 20000:
        for p in gn.choice(np.arange(lo, hi), 20, replace=False).tolist():
            special[p] = "del"
        def spread(cnt, tag):
            k = 0
            for p in gn.permutation(N).tolist() if N < 200000 else gn.integers(0, N, cnt * 4).tolist():
                if k == cnt:
                    break
                if p not in special:
                    special[p] = tag; k += 1
        spread(117, "rare"); spread(53, "ip"); spread(7, "iptext"); spread(500, "decoy")
    kcdf = np.cumsum([k[4] for k in K]); kcdf = kcdf / kcdf[-1]
    ccdf = np.cumsum(CLOUDW); ccdf = ccdf / ccdf[-1]
    out = sys.stdout.buffer if a.out == "-" else open(a.out, "wb", buffering=0)
    BL = 65536
    t0 = _time.time(); total = 0
    NCONN = 3600
    ccz = zipf_cdf(NCONN, 0.8)
    for b0 in range(0, N, BL):
        n = min(BL, N - b0)
        g = np.random.default_rng([a.seed, 3, b0 // BL])
        # connections of this window
        cp = np.minimum(np.searchsorted(W.p_cdf, g.random(NCONN)), 1999)
        cpl = cp.tolist()
        ccl = W.p_cl[cp, g.integers(0, 3, NCONN)].tolist()
        cips = g.integers(0, 8, NCONN).tolist(); cport = g.integers(32768, 60999, NCONN).tolist()
        ckey = g.integers(0, 3, NCONN).tolist(); cnum = g.integers(0, 16, NCONN).tolist()
        chex = g.bytes(11 * NCONN).hex()
        conns = []
        for j in range(NCONN):
            p = cpl[j]; ips = W.p_ip[p]; f = W.p_cid[p]
            conns.append((p, ccl[j], ips[cips[j] % len(ips)], cport[j], W.p_key[p][ckey[j]],
                          (f % cnum[j]) if "%d" in f else f, chex[22 * j:22 * j + 22]))
        ci = np.minimum(np.searchsorted(ccz, g.random(n)), NCONN - 1)
        ci = g.permutation(NCONN)[ci].tolist()
        ki = np.minimum(np.searchsorted(kcdf, g.random(n)), len(K) - 1).tolist()
        hx = g.bytes(16 * n).hex(); rq = g.bytes(16 * n).hex()
        ts = np.datetime_as_string(T[b0:b0 + n].astype("datetime64[ms]"), unit="ms").tolist()
        u = g.random(n).tolist(); r1 = g.integers(0, 1 << 30, n).tolist(); r2 = (g.random(n) ** 3).tolist()
        var = g.integers(0, 4, n).tolist()
        dden = np.minimum(np.searchsorted(W.p_cdf, g.random(n)), 1999)
        dden = W.denied_perm[dden].tolist()
        burst_lo = int(0.62 * N); burst_hi = burst_lo + max(1, N // 500)
        rows = []
        for i in range(n):
            gi = b0 + i
            kind, method, op, rtype, _ = K[ki[i]]
            p, cl, ip, port, key, cid, conn = conns[ci[i]]
            x = u[i]; r = r1[i]
            h = hx[32 * i:32 * i + 32]
            eid = f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{'89ab'[var[i]]}{h[17:20]}-{h[20:]}"
            t = ts[i]
            sp = special.get(gi) if special else None
            prin = W.pr[p]; bare = W.pr_bare[p]
            deny = False
            iptext = ""
            if sp is not None:
                if sp == "del":
                    kind, method, op, rtype = "authz", "kafka.DeleteTopics", "Delete", "Topic"; prin = RARE_P; bare = RARE_P[5:]; x = .9
                elif sp == "rare":
                    if kind not in ("authn", "authz"):
                        kind, method, op, rtype = "authn", "kafka.Authentication", "", ""
                    if method == "kafka.DeleteTopics":
                        method, op = "kafka.Produce", "Write"
                    prin = RARE_P; bare = RARE_P[5:]; x = .9
                elif sp == "ip":
                    ip = NEEDLE_IP
                elif sp == "decoy":
                    ip = DECOY_IP
                elif sp == "iptext":
                    kind, method, op, rtype = ("authn", "kafka.Authentication", "", "") if r & 1 else ("authz", "kafka.Produce", "Write", "Topic")
                    x = 0.0 if kind == "authn" else 0.9
                    iptext = NEEDLE_IP
            if burst_lo <= gi < burst_hi and kind == "authz" and sp is None and (r & 3):
                deny = True; p = int(W.denied_perm[1999]); prin = W.pr[p]; bare = W.pr_bare[p]
            env = W.cl_env[cl]; c = W.clusters[cl]; crn = W.cl_crn[cl]
            if kind == "authn":
                fail = x < 0.017
                mech = "SASL_SSL/PLAIN" if p % 5 else "SASL_SSL/OAUTHBEARER"
                if fail:
                    msg = AUTHN_FAIL[r % 5]
                    if iptext:
                        msg = f"Rejected by IP filter: {iptext} not in allow list"
                    res = f'{{"status":"UNAUTHENTICATED","message":"{msg}"}}'
                    prin_s = "None:UNKNOWN_USER" if (r & 7) == 0 else prin
                else:
                    res = '{"status":"SUCCESS","message":""}'; prin_s = prin
                rows.append(f'{{"datacontenttype":"application/json","data":{{"serviceName":"crn://confluent.cloud/","methodName":"kafka.Authentication","resourceName":"{crn}","authenticationInfo":{{"principal":"{prin_s}","metadata":{{"mechanism":"{mech}","identifier":"{key}"}}}},"requestMetadata":{{"requestId":"{rq[32*i:32*i+16]}","clientId":"{cid}","connectionId":"{conn}","clientAddress":[{{"ip":"{ip}","port":{port}}}]}},"result":{res}}},"subject":"{crn}","specversion":"1.0","id":"{eid}","source":"crn://confluent.cloud/","time":"{t}Z","type":"io.confluent.kafka.server/authentication"}}\n')
            elif kind == "authz":
                if x < 0.015 and sp is None:
                    deny = True
                    if r & 1:
                        p = dden[i]; prin = W.pr[p]; bare = W.pr_bare[p]
                tpl = W.p_tp[p]
                if rtype == "Topic":
                    rn = W.topics[tpl[int(r2[i] * len(tpl))]]; full = f"{crn}/topic={rn}"
                elif rtype == "Group":
                    rn = W.groups[p % 400]; full = f"{crn}/group={rn}"
                else:
                    rn = "kafka-cluster"; full = crn
                if deny:
                    how = ""
                elif p & 1:
                    host = iptext or "*"
                    how = f',"aclAuthorization":{{"permissionType":"ALLOW","host":"{host}"}}'
                else:
                    role = ROLES[(p + ki[i]) % 6]
                    how = f',"rbacAuthorization":{{"role":"{role}","scope":{{"outerScope":["organization={ORG}","environment={env}","cloud-cluster={c}"],"clusters":{{"kafka-cluster":"{c}"}}}},"resourcePattern":{{"resourceType":"{rtype}","name":"*","patternType":"LITERAL"}}}}'
                    if iptext:
                        how = f',"aclAuthorization":{{"permissionType":"ALLOW","host":"{iptext}"}}'
                rows.append(f'{{"datacontenttype":"application/json","data":{{"serviceName":"crn://confluent.cloud/","methodName":"{method}","resourceName":"{full}","authenticationInfo":{{"principal":"{prin}","metadata":{{"mechanism":"{"SASL_SSL/PLAIN" if p % 5 else "SASL_SSL/OAUTHBEARER"}","identifier":"{key}"}}}},"authorizationInfo":{{"granted":{"false" if deny else "true"},"operation":"{op}","resourceType":"{rtype}","resourceName":"{rn}","patternType":"LITERAL"{how}}},"requestMetadata":{{"requestId":"{rq[32*i:32*i+16]}","clientId":"{cid}","connectionId":"{conn}","clientAddress":[{{"ip":"{ip}","port":{port}}}]}},"request":{{"correlationId":"{r % 100000}","clientId":"{cid}"}}}},"subject":"{full}","specversion":"1.0","id":"{eid}","source":"crn://confluent.cloud/","time":"{t}Z","type":"io.confluent.kafka.server/authorization"}}\n')
            elif kind == "mds":
                op, rtype = MDSOPS[r % 6]
                deny = x < 0.02
                res = f"crn://confluent.cloud/organization={ORG}/environment={env}"
                rn = rtype.lower()
                how = "" if deny else f',"rbacAuthorization":{{"role":"{ROLES[r % 9]}","scope":{{"outerScope":["organization={ORG}"],"clusters":{{}}}}}}'
                rows.append(f'{{"data":{{"serviceName":"crn://confluent.cloud/","methodName":"mds.Authorize","resourceName":"{res}","authenticationInfo":{{"principal":"{prin}","identity":"crn://confluent.cloud/organization={ORG}/identity-provider=Confluent/identity={bare}"}},"authorizationInfo":{{"granted":{"false" if deny else "true"},"operation":"{op}","resourceType":"{rtype}","resourceName":"{rn}","patternType":"LITERAL","actingPrincipal":"{prin}","assignedPrincipals":["{prin}"]{how}}},"requestMetadata":{{"requestId":"{rq[32*i:32*i+32]}","clientAddress":[{{"ip":"{ip}","port":{port}}}]}},"request":{{"correlationId":"-1"}}}},"id":"{eid}","source":"crn://confluent.cloud/","specversion":"1.0","type":"io.confluent.kafka.server/authorization","datacontenttype":"application/json","subject":"{res}","time":"{t}Z"}}\n')
            elif kind == "kreq":
                tpl = W.p_tp[p]
                rn = W.topics[tpl[int(r2[i] * len(tpl))]]
                full = f"{crn}/topic={rn}" if rtype == "Topic" else crn
                fail = x < 0.011
                if fail:
                    st, m = REQ_FAIL[r & 3]
                else:
                    st, m = "SUCCESS", ""
                acc = "MODIFICATION" if method not in ("kafka.Produce", "kafka.Fetch") else "READ_ONLY"
                if method == "kafka.CreateTopics":
                    rd = f'{{"topics":[{{"name":"{rn}","numPartitions":{1 + r % 24},"replicationFactor":3}}],"validateOnly":false,"timeoutMs":60000}}'
                elif method == "kafka.IncrementalAlterConfigs":
                    rd = f'{{"resources":[{{"resourceType":"TOPIC","name":"{rn}","configs":[{{"name":"retention.ms","op":"SET","value":"{(r % 30) * 86400000}"}}]}}],"validateOnly":false}}'
                elif method == "kafka.CreateAcls":
                    rd = f'{{"acls":[{{"resourceType":"TOPIC","name":"{rn}","patternType":"PREFIXED","principal":"{prin}","host":"*","operation":"READ","permissionType":"ALLOW"}}]}}'
                else:
                    rd = f'{{"topics":["{rn}"]}}'
                pj = f'{{"email":"{W.email[p]}","confluentUser":{{"resourceId":"{bare}"}}}}' if W.is_user[p] else f'{{"confluentServiceAccount":{{"resourceId":"{bare}"}}}}'
                rows.append(f'{{"datacontenttype":"application/json","data":{{"serviceName":"crn://confluent.cloud/","methodName":"{method}","resourceName":"{full}","cloudResources":[{{"scope":{{"resources":[{{"type":"ORGANIZATION","resourceId":"{ORG}"}},{{"type":"ENVIRONMENT","resourceId":"{env}"}},{{"type":"CLOUD_CLUSTER","resourceId":"{c}"}}]}},"resource":{{"type":"{rtype.upper()}","resourceId":"{rn}"}}}}],"authenticationInfo":{{"exposure":"CUSTOMER","principal":{pj},"result":"SUCCESS","credentials":{{"idSecretCredentials":{{"credentialId":"{key}"}},"mechanism":"SASL_PLAIN"}}}},"requestMetadata":{{"requestId":["{rq[32*i:32*i+32]}"],"clientId":"{cid}","connectionId":"{conn}","clientAddress":[{{"ip":"{ip}","port":{port}}}]}},"request":{{"accessType":"{acc}","data":{rd}}},"result":{{"status":"{st}","message":"{m}"}}}},"subject":"{full}","specversion":"1.0","id":"{eid}","source":"{crn}","time":"{t}Z","type":"io.confluent.kafka.server/request"}}\n')
            elif kind == "cloud" or kind == "at":
                if kind == "at":
                    method, rtype, acc = "AccessTransparencyRecord", "KAFKA_CLUSTER", "READ_ONLY"
                    typ = "io.confluent.cloud/access-transparency"
                    pj = '{"email":"support-engineer@confluent.example","confluentUser":{"resourceId":"u-cflt01"}}'
                    exp = "CONFLUENT"
                    rd = f'{{"justification":"Customer-initiated support","ticket":"CS-{100000 + r % 900000}","durationMinutes":{15 + r % 180}}}'
                else:
                    k = int(np.searchsorted(ccdf, (r % 1000003) / 1000003.0))
                    method, rtype, acc = CLOUDM[k]; typ = "io.confluent.cloud/request"; exp = "CUSTOMER"
                    pj = f'{{"email":"{W.email[p]}","confluentUser":{{"resourceId":"{bare}"}}}}' if W.is_user[p] else f'{{"confluentServiceAccount":{{"resourceId":"{bare}"}}}}'
                    if method == "CreateStatement":
                        tpl = W.p_tp[p]
                        rd = f'{{"name":"{W.flinkst[r % 300]}","spec":{{"statement":"SELECT * FROM `{W.topics[tpl[0]]}` WHERE amount > {r % 1000}","compute_pool_id":"lfcp-{W.resids[r % 40]}","properties":{{"sql.current-catalog":"{env}"}}}}}}'
                    elif acc == "MODIFICATION":
                        rd = f'{{"spec":{{"display_name":"{DOMAINS[r % 24]}-{W.resids[r % 2000]}","description":"managed by terraform","environment":{{"id":"{env}"}},"owner":{{"id":"{bare}"}}}}}}'
                    else:
                        rd = f'{{"page_size":{(10, 50, 100)[r % 3]},"environment":"{env}"}}'
                fail = x < 0.012
                st, m = ("FAILURE", "PERMISSION_DENIED") if fail and r & 1 else (("FAILURE", "NOT_FOUND") if fail else ("SUCCESS", ""))
                full = f"crn://confluent.cloud/organization={ORG}/environment={env}/{rtype.lower()}={W.resids[r % 2000]}"
                rows.append(f'{{"datacontenttype":"application/json","data":{{"serviceName":"crn://confluent.cloud/","methodName":"{method}","resourceName":"{full}","cloudResources":[{{"scope":{{"resources":[{{"type":"ORGANIZATION","resourceId":"{ORG}"}},{{"type":"ENVIRONMENT","resourceId":"{env}"}}]}},"resource":{{"type":"{rtype}","resourceId":"{W.resids[r % 2000]}"}}}}],"authenticationInfo":{{"exposure":"{exp}","principal":{pj},"result":"SUCCESS"}},"requestMetadata":{{"requestId":["{rq[32*i:32*i+32]}"],"clientAddress":[{{"ip":"{ip}","port":{port}}}]}},"request":{{"accessType":"{acc}","data":{rd}}},"result":{{"status":"{st}","message":"{m}"}}}},"subject":"{full}","specversion":"1.0","id":"{eid}","source":"crn://confluent.cloud/","time":"{t}Z","type":"{typ}"}}\n')
            elif kind == "ipf":
                deny = x < 0.05
                res = f"crn://confluent.cloud/organization={ORG}"
                rows.append(f'{{"datacontenttype":"application/json","data":{{"serviceName":"crn://confluent.cloud/","methodName":"ip-filter.Authorize","resourceName":"{res}","cloudResources":[{{"scope":{{"resources":[]}},"resource":{{"type":"ORGANIZATION","resourceId":"{ORG}"}}}}],"authenticationInfo":{{"principal":"{prin}"}},"authorizationInfo":{{"granted":{"false" if deny else "true"},"operation":"Access","resourceType":"Organization","resourceName":"{ORG}","patternType":"LITERAL"}},"requestMetadata":{{"requestId":"{rq[32*i:32*i+32]}","clientAddress":[{{"ip":"{ip}","port":{port}}}]}},"request":{{"accessType":"READ_ONLY","data":{{"resourceGroup":"multiple"}}}}}},"subject":"{res}","specversion":"1.0","id":"{eid}","source":"crn://confluent.cloud/","time":"{t}Z","type":"io.confluent.cloud/authorization"}}\n')
            else:
                svc = kind[:2]
                if svc == "sg":
                    rid_ = W.srs[cl % 6]; res = f"crn://confluent.cloud/organization={ORG}/environment={env}/schema-registry={rid_}"; typ = "io.confluent.sg.server/"
                elif svc == "fl":
                    rid_ = W.flinks[cl % 4]; res = f"crn://confluent.cloud/organization={ORG}/environment={env}/flink-region={rid_}"; typ = "io.confluent.flink.server/"
                else:
                    rid_ = W.ksqls[cl % 4]; res = f"crn://confluent.cloud/organization={ORG}/environment={env}/ksql={rid_}"; typ = "io.confluent.ksql.server/"
                if kind[2] == "n":
                    fail = x < 0.013
                    st = f'{{"status":"UNAUTHENTICATED","message":"{AUTHN_FAIL[r % 5]}"}}' if fail else '{"status":"SUCCESS","message":""}'
                    rows.append(f'{{"datacontenttype":"application/json","data":{{"serviceName":"crn://confluent.cloud/","methodName":"{method}","resourceName":"{res}","authenticationInfo":{{"principal":"{prin}","metadata":{{"mechanism":"HTTP_BASIC","identifier":"{key}"}}}},"requestMetadata":{{"requestId":"{rq[32*i:32*i+32]}","clientAddress":[{{"ip":"{ip}","port":{port}}}]}},"result":{st}}},"subject":"{res}","specversion":"1.0","id":"{eid}","source":"crn://confluent.cloud/","time":"{t}Z","type":"{typ}authentication"}}\n')
                elif kind[2] == "z":
                    tpl = W.p_tp[p]; tn = W.topics[tpl[int(r2[i] * len(tpl))]]
                    if svc == "sg":
                        method = SRNAMES[r % 5]; rn = tn + "-value"; full = f"{res}/subject={rn}"; rtype, op = "Subject", "Read"
                    elif svc == "fl":
                        rn = W.flinkst[r % 300]; full = f"{res}/statement={rn}"; rtype, op = "FlinkStatement", "Describe"
                    else:
                        rn = "ksql-cluster"; full = res; rtype, op = "KsqlCluster", "Contribute"
                    deny = x < 0.015
                    how = "" if deny else f',"rbacAuthorization":{{"role":"{ROLES[(p + r) % 6]}","scope":{{"outerScope":["organization={ORG}","environment={env}"],"clusters":{{}}}}}}'
                    rows.append(f'{{"datacontenttype":"application/json","data":{{"serviceName":"crn://confluent.cloud/","methodName":"{method}","resourceName":"{full}","authenticationInfo":{{"principal":"{prin}"}},"authorizationInfo":{{"granted":{"false" if deny else "true"},"operation":"{op}","resourceType":"{rtype}","resourceName":"{rn}","patternType":"LITERAL"{how}}},"requestMetadata":{{"requestId":"{rq[32*i:32*i+32]}","clientAddress":[{{"ip":"{ip}","port":{port}}}]}}}},"subject":"{full}","specversion":"1.0","id":"{eid}","source":"crn://confluent.cloud/","time":"{t}Z","type":"{typ}authorization"}}\n')
                else:
                    method = SRMGMT[r % 4]; tn = W.topics[W.p_tp[p][0]]
                    full = f"{res}/subject={tn}-value"
                    fail = x < 0.012
                    st, m = ("FAILURE", "INCOMPATIBLE_SCHEMA") if fail else ("SUCCESS", "")
                    pj = f'{{"email":"{W.email[p]}","confluentUser":{{"resourceId":"{bare}"}}}}' if W.is_user[p] else f'{{"confluentServiceAccount":{{"resourceId":"{bare}"}}}}'
                    rows.append(f'{{"datacontenttype":"application/json","data":{{"serviceName":"crn://confluent.cloud/","methodName":"{method}","resourceName":"{full}","cloudResources":[{{"scope":{{"resources":[{{"type":"ORGANIZATION","resourceId":"{ORG}"}},{{"type":"ENVIRONMENT","resourceId":"{env}"}}]}},"resource":{{"type":"SCHEMA_REGISTRY","resourceId":"{rid_}"}}}}],"authenticationInfo":{{"exposure":"CUSTOMER","principal":{pj},"result":"SUCCESS","credentials":{{"idSecretCredentials":{{"credentialId":"{key}"}},"mechanism":"HTTP_BASIC"}}}},"requestMetadata":{{"requestId":["{rq[32*i:32*i+32]}"],"clientAddress":[{{"ip":"{ip}","port":{port}}}]}},"request":{{"accessType":"MODIFICATION","data":{{"subject":"{tn}-value","schemaType":"AVRO","references":[],"normalize":true}}}},"result":{{"status":"{st}","message":"{m}","data":{{"id":{100000 + r % 9999},"version":{1 + r % 30}}}}}}},"subject":"{full}","specversion":"1.0","id":"{eid}","source":"crn://confluent.cloud/","time":"{t}Z","type":"{typ}request"}}\n')
        blob = "".join(rows).encode()
        total += len(blob)
        mv = memoryview(blob)
        while len(mv):
            w = out.write(mv)
            mv = mv[w if w else 0:]
    if a.out != "-":
        out.close()
    dt = _time.time() - t0
    print(f"{N} events, {total} bytes, mean {total / N:.1f} B/event, {dt:.1f} s, {N / dt:.0f} events/s", file=sys.stderr)


if __name__ == "__main__":
    main()
