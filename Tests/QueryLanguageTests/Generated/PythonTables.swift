// SPDX-License-Identifier: Apache-2.0
// Made by python_tables.py. Lines of fields with tabs between them.

enum PythonTables {
    /// Expression, `i` or nothing, `fits` or `no`, and texts.
    static let expressions = #"""
        kafka\\..*		fits	kafka.CreateTopics	kafka.
        kafka\\..*		no	kafkaXCreate	mds.Authorize
        kafka\\..*	i	fits	kafka.CreateTopics	kafka.
        kafka\\..*	i	no	kafkaXCreate	mds.Authorize
        kafka\\.(Create|Delete)Topics?		fits	kafka.CreateTopics	kafka.DeleteTopic
        kafka\\.(Create|Delete)Topics?		no	kafka.AlterTopics
        kafka\\.(Create|Delete)Topics?	i	fits	kafka.CreateTopics	kafka.DeleteTopic
        kafka\\.(Create|Delete)Topics?	i	no	kafka.AlterTopics
        [A-Z][a-z]+:u-\\d{1,3}		fits	User:u-1	User:u-123
        [A-Z][a-z]+:u-\\d{1,3}		no	User:u-1234	user:u-1	User:u-
        [A-Z][a-z]+:u-\\d{1,3}	i	fits	User:u-1	user:u-1	User:u-123
        [A-Z][a-z]+:u-\\d{1,3}	i	no	User:u-1234	User:u-
        (?:sa|u)-[0-9a-z]{6}		fits	sa-1abc2d	u-1abc2d
        (?:sa|u)-[0-9a-z]{6}		no	u-1abc2	p-1abc2d
        (?:sa|u)-[0-9a-z]{6}	i	fits	sa-1abc2d	u-1abc2d
        (?:sa|u)-[0-9a-z]{6}	i	no	u-1abc2	p-1abc2d
        [^:]*:[^:]*		fits	a:b	:
        [^:]*:[^:]*		no	a	a:b:c
        [^:]*:[^:]*	i	fits	a:b	:
        [^:]*:[^:]*	i	no	a	a:b:c
        \\w+@\\w+\\.(com|org)		fits	alice@example.com
        \\w+@\\w+\\.(com|org)		no	bob@example.net	@example.com
        \\w+@\\w+\\.(com|org)	i	fits	alice@example.com
        \\w+@\\w+\\.(com|org)	i	no	bob@example.net	@example.com
        \\d+\\.\\d+\\.\\d+\\.\\d+		fits	10.1.2.3
        \\d+\\.\\d+\\.\\d+\\.\\d+		no	10.1.2	10.1.2.3.4
        \\d+\\.\\d+\\.\\d+\\.\\d+	i	fits	10.1.2.3
        \\d+\\.\\d+\\.\\d+\\.\\d+	i	no	10.1.2	10.1.2.3.4
        []a]+		fits	]	a]
        []a]+		no	b	
        []a]+	i	fits	]	a]
        []a]+	i	no	b	
        [^]a]+		fits	b
        [^]a]+		no	]	a	
        [^]a]+	i	fits	b
        [^]a]+	i	no	]	a	
        [a-]+		fits	-	a-a
        [a-]+		no	b
        [a-]+	i	fits	-	a-a
        [a-]+	i	no	b
        [-a]+		fits	-	a-a
        [-a]+		no	b
        [-a]+	i	fits	-	a-a
        [-a]+	i	no	b
        [\\w-]+		fits	a-b	_
        [\\w-]+		no	a.b
        [\\w-]+	i	fits	a-b	_
        [\\w-]+	i	no	a.b
        [^\\d\\s]*		fits	ab	
        [^\\d\\s]*		no	a1	a\sb
        [^\\d\\s]*	i	fits	ab	
        [^\\d\\s]*	i	no	a1	a\sb
        [\\D]		fits	a	é
        [\\D]		no	1
        [\\D]	i	fits	a	é
        [\\D]	i	no	1
        \\S\\s\\S		fits	a\sb	a\nb
        \\S\\s\\S		no	ab	a b
        \\S\\s\\S	i	fits	a\sb	a\nb
        \\S\\s\\S	i	no	ab	a b
        \\W		fits	é	-
        \\W		no	_	a
        \\W	i	fits	é	-
        \\W	i	no	_	a
        .		fits	a	é	\n	🐦
        .		no		ab
        .	i	fits	a	é	\n	🐦
        .	i	no		ab
        ..		fits	éa	🐦🐦
        ..		no	é	a
        ..	i	fits	éa	🐦🐦
        ..	i	no	é	a
        [ä-ü]+		fits	äöü	é
        [ä-ü]+		no	a	ß
        [ä-ü]+	i	fits	äöü	é
        [ä-ü]+	i	no	a	ß
        [🐀-📿]		fits	🐦
        [🐀-📿]		no	🏿	🔀
        [🐀-📿]	i	fits	🐦
        [🐀-📿]	i	no	🏿	🔀
        é|è		fits	é	è
        é|è		no	e
        é|è	i	fits	é	è
        é|è	i	no	e
        a{3}		fits	aaa
        a{3}		no	aa	aaaa
        a{3}	i	fits	aaa
        a{3}	i	no	aa	aaaa
        a{2,}		fits	aa	aaaaa
        a{2,}		no	a
        a{2,}	i	fits	aa	aaaaa
        a{2,}	i	no	a
        a{,2}		fits		a	aa
        a{,2}		no	aaa
        a{,2}	i	fits		a	aa
        a{,2}	i	no	aaa
        a{1,3}		fits	a	aaa
        a{1,3}		no		aaaa
        a{1,3}	i	fits	a	aaa
        a{1,3}	i	no		aaaa
        a{0}b		fits	b
        a{0}b		no	ab
        a{0}b	i	fits	b
        a{0}b	i	no	ab
        (ab){2,3}		fits	abab	ababab
        (ab){2,3}		no	ab	abababab	aba
        (ab){2,3}	i	fits	abab	ababab
        (ab){2,3}	i	no	ab	abababab	aba
        (a|b{2}){2}		fits	aa	abb	bbbb
        (a|b{2}){2}		no	bb	ab
        (a|b{2}){2}	i	fits	aa	abb	bbbb
        (a|b{2}){2}	i	no	bb	ab
        (a*)*		fits		aaa
        (a*)*		no	b
        (a*)*	i	fits		aaa
        (a*)*	i	no	b
        (a*)*b		fits	b	aab
        (a*)*b		no	aa
        (a*)*b	i	fits	b	aab
        (a*)*b	i	no	aa
        (a?){3}		fits		aa	aaa
        (a?){3}		no	aaaa
        (a?){3}	i	fits		aa	aaa
        (a?){3}	i	no	aaaa
        (a|)+b		fits	b	aab
        (a|)+b		no	a
        (a|)+b	i	fits	b	aab
        (a|)+b	i	no	a
        (|a)(b|)		fits		a	b	ab
        (|a)(b|)		no	ba
        (|a)(b|)	i	fits		a	b	ab
        (|a)(b|)	i	no	ba
        a||b		fits	a		b
        a||b		no	ab
        a||b	i	fits	a		b
        a||b	i	no	ab
        (((a)))		fits	a
        (((a)))		no	
        (((a)))	i	fits	a
        (((a)))	i	no	
        (?:)		fits	
        (?:)		no	a
        (?:)	i	fits	
        (?:)	i	no	a
        ()		fits	
        ()		no	a
        ()	i	fits	
        ()	i	no	a
        \\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\\\\\^\\$		fits	.*+?()[]{}|\\^$
        \\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\\\\\^\\$		no	a
        \\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\\\\\^\\$	i	fits	.*+?()[]{}|\\^$
        \\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\\\\\^\\$	i	no	a
        a}]b		fits	a}]b
        a}]b		no	ab
        a}]b	i	fits	a}]b
        a}]b	i	no	ab
        \\n\\t		fits	\n\t
        \\n\\t		no	nt
        \\n\\t	i	fits	\n\t
        \\n\\t	i	no	nt
        [\\n\\t]		fits	\n	\t
        [\\n\\t]		no	n	\\
        [\\n\\t]	i	fits	\n	\t
        [\\n\\t]	i	no	n	\\
        [.*+?(){}|$]+		fits	.*	+?(	){}|$
        [.*+?(){}|$]+		no	a
        [.*+?(){}|$]+	i	fits	.*	+?(	){}|$
        [.*+?(){}|$]+	i	no	a
        [a^]		fits	a	^
        [a^]		no	b
        [a^]	i	fits	a	^
        [a^]	i	no	b
        [+--]+		fits	+	,	-
        [+--]+		no	.
        [+--]+	i	fits	+	,	-
        [+--]+	i	no	.
        x*y*z*		fits		xyz	xxz	yz
        x*y*z*		no	zyx
        x*y*z*	i	fits		xyz	xxz	yz
        x*y*z*	i	no	zyx
        (a|b)*a(a|b){4}		fits	abbbb	aaaaa
        (a|b)*a(a|b){4}		no	bbbbb	babab
        (a|b)*a(a|b){4}	i	fits	abbbb	aaaaa
        (a|b)*a(a|b){4}	i	no	bbbbb	babab
        a\\dbc[^a]a1	i	no	ab.	1b1a	.écAb
        ab	i	no	bbéé	aéabb	éccA1A
        c		fits	c
        c		no	Aabéab	céba.b	éccb
        [\\w]		fits	1	a	c
        [\\w]		no	é	Aaaéé	aAbba
        [ab]	i	fits	a	b
        [ab]	i	no	cba	bbéééa	bb
        A		no	a	caba	baaa.
        (?:[a-c1])*		fits		11ab	1b11	a
        (?:[a-c1])*		no	aAéba.	A.éba	é.cé
        (?:é){1,2}	i	fits	é
        (?:é){1,2}	i	no	..	Aéc	cbb.éc
        .	i	fits	A	a	b	c
        .	i	no	1.Aaé	aé.é	é11a
        c		fits	c
        c		no	cAAAbb	aAab	bA.
        (?:A){2,}		no	bbb.	11	bbé.bA
        ((?:\\d){2}|([\\w]|\\W)abbc)		no	b	.aaaa	bcb
        \\.		fits	.
        \\.		no	bbéé	Aabbba	.Ac1a
        (?:(a|\\.)){2}		no	Aaé	bcaaA	.bba.
        A		no	b1cb	ba1	.1Ac
        (?:b){,2}[^\\d]\\.([a-c1]|[\\w])(?:[\\w]a1)+		no	é11A	A1	c..
        ([ab]|((\\.|cA)|(?:.){2,}))	i	fits	..ééb	.acAc1	.baa	.bbb
        ([ab]|((\\.|cA)|(?:.){2,}))	i	no	c	é	
        ccA1(\\d|a1)	i	no	aA	1caé1a	a11éa
        [^\\d]		fits	.	A	a	b
        [^\\d]		no	b1	.1a.	cAA
        \\W	i	no	.b.b	b.Acbb	a.a.a
        [^a]	i	fits	1	b	é
        [^a]	i	no	éé	caAA	bbb.c.
        ([a-c1]|(?:[^a]c)+)		fits	a	bc	éc
        ([a-c1]|(?:[^a]c)+)		no	aaab1	.cb.c.	
        A		fits	A
        A		no	é	a1Abb	AA.
        [^\\d]		fits	.	a	b	é
        [^\\d]		no	écccaa	cbéA.A	abA.Aé
        é	i	no	..	aAa	bAab.A
        (\\.|((?:b){2}|cA))		no	.Aéab	b.cc	b.
        a1		fits	a1
        a1		no	A.Ac	baéa11	Aaa.Ab
        1		no	cAbbc	c	1a
        ab(b|bc)	i	no	bacc.	abbé	éb
        (?:[\\w]1[^\\d]){2}	i	no	AbbAaa	bb	béac
        (?:(?:[^a]){,2})*	i	fits		.	..	..é
        (?:(?:[^a]){,2})*	i	no	abb1	abbAA.	éAaAc.
        (?:(b|é))*		fits		b	bb	é
        (?:(b|é))*		no	.cé	baa	aa..
        (bc(a|b).|(?:bc){1,2})	i	no	abb.	c1a11b	Aéé
        (?:(1|\\.)){,2}		fits		.1
        (?:(1|\\.)){,2}		no	.ccabé	.aa	A
        ab		no	b1aA	aé	1cbc.
        (?:cA\\d[a-c1]){2,}	i	no	111	aA.bbA	aab
        ([ab]|b)	i	fits	A
        ([ab]|b)	i	no	aAa1	.éba1é
        [^a]	i	fits	1	b	c
        [^a]	i	no	A	cAAa		b1aé
        1	i	fits	1
        1	i	no	abab11	Ab	aé.1
        ([\\w][a-c1]cA(a|bc)|a1[^\\d]ab[\\w])	i	no	é.ac.c	aAé1	bAAbb.
        A	i	fits	A	a
        A	i	no	1aAcb	Ac1.1
        (a1|a)	i	no	bAaA	éb	11ca
        (\\d[\\w]|bc)	i	fits	bc
        (\\d[\\w]|bc)	i	no	b.a1	.c.ba	b.a
        [^\\d]		fits	.	a	b	é
        [^\\d]		no	écbbéa	c.11aA	
        A		no	é	.	1a
        aba1(?:AcA){2}		no	c.	aaAb	a.abé1
        ((?:é){2,}|1)		fits	1
        ((?:é){2,}|1)		no	a1	b.caa.	
        [ab].[ab]1		no	bb.	éAca	A.acc.
        (a1|\\W)	i	fits	.
        (a1|\\W)	i	no	éa	aé1bc	a
        [\\w]	i	fits	a	c
        [\\w]	i	no	baéé	éAab	Ab
        \\.		fits	.
        \\.		no	aA	cba	1éa1
        é		no	éb	cA	éA
        (.|1)		fits	.	1	A	a
        (.|1)		no	A1	A.ab	aa1baa
        ab		no	aA	bé	c1
        (?:ab(1|a1)){1,2}	i	no	1.b.	A	..ac1
        [a-c1]	i	no	ab1b	AAé.A1	bcbA.c
        cA		no	b		cAa
        [^a]		fits	.	A	b	c
        [^a]		no	b1b	céa	1aa
        \\.	i	no	bé.1ba	ab1	abaAbb
        (?:é1){,2}	i	fits	
        (?:é1){,2}	i	no	AAba1	ba	A.
        (?:(?:([a-c1]|cA)){2,}){2}		fits	1111a1	cabc	ccb1ab
        (?:(?:([a-c1]|cA)){2,}){2}		no	bb	aéA1b	Abc
        a	i	no	.Aéa1a	éb.	cbaac
        1	i	fits	1
        1	i	no		111	éaba
        (?:éc[ab]){2,}	i	no	ac.é.	b..a	abAb1
        (cAa1\\.(?:ab)?(?:[^\\d])?|[a-c1])		fits	a	b	c
        (cAa1\\.(?:ab)?(?:[^\\d])?|[a-c1])		no	aaa	AbAb	b1b
        \\.	i	no	Abéca1	cb	a
        é	i	no	a..cb	bc1éb	aa
        ab	i	no	ba1éab	.aabb	Aa1Aé
        b(ab|b)cA		no	1	aa	ccba
        A	i	fits	A
        A	i	no	bbA1	1	bc1
        .		fits	b	c	é
        .		no	cbé1	Abaa	Acbacé
        c		no	cA	1bab	a1
        a1		fits	a1
        a1		no	.aAaé	aé	1c
        (?:b)*	i	fits		b
        (?:b)*	i	no	1.é	a	1a1
        a1[a-c1]bc[^\\d]\\d(b|(bc|é))\\.		no	bb.1éb	a.Ac1	AabéA
        (?:\\W)*	i	fits		.
        (?:\\W)*	i	no	1bbaé1	1Ab.1.	1ba
        (?:(b|\\.)){2,}cA([^\\d]|(bc|.))	i	no	a.b	ébA.ab	ccbé
        a		fits	a
        a		no	1	é1ccé.	éAA
        [^\\d]	i	fits	.	A	a	b
        [^\\d]	i	no	.1.ab.	Aab	é.éb
        b[^\\d]bca1(?:a)+[\\w]	i	no	a	c.A	ba
        ((?:.){,2}|((?:bc)?|\\d))	i	fits		.	1	1a
        ((?:.){,2}|((?:bc)?|\\d))	i	no	Aca	Aba	b1abba
        cA[a-c1]bc	i	no	é	éA	ab
        (?:cA){1,2}		no	aabé	cba	bb.
        (a1|([^a]|\\.aba1))	i	fits	.	a1
        (a1|([^a]|\\.aba1))	i	no	..Ab	.ab.1	aba.c
        (?:[a-c1])*[a-c1]\\d[^\\d]	i	fits	ba1a	c1ba1b
        (?:[a-c1])*[a-c1]\\d[^\\d]	i	no	Aé1b1	1b.ccb	c..
        (?:c){1,2}abA		no	aac111	bc	ccc
        \\d		no	bA1a	b11b1	cb
        .	i	fits	.	A	a	b
        .	i	no	1éa	A.bab	cA
        \\.		no		1AA	baabaa
        a1	i	no	b.abba	.1ac1é	a1ac1
        ((A|[^a])|(é|1))A	i	fits	AA
        ((A|[^a])|(é|1))A	i	no	b.ébcc	1bc.b	.b1
        é	i	fits	é
        é	i	no	écba	bb	..a
        (?:\\.1){2}		no	aa	aéAb1	abA.ca
        [\\w]		fits	A	b	c
        [\\w]		no	aéb1	céé1	b.A
        abab	i	no	cc..	b.aa.	
        ([ab]|bc)	i	fits	b
        ([ab]|bc)	i	no	.b	b1ab.A	acébc
        ab		no	A	abbaé	1Aac
        [^\\d]		fits	b
        [^\\d]		no	caéc	b.1	abéc
        bc	i	no	bbb		.ébb
        (?:(?:(\\d|\\.))*){1,2}		fits		.1
        (?:(?:(\\d|\\.))*){1,2}		no	b1a	.a1ac	éa
        .		fits	.	1	A	a
        .		no	.bca	.a.aéé	aA
        [^a](?:a1)+bab\\d	i	no	ébé	baA1a	.
        (?:[ab])?	i	fits	
        (?:[ab])?	i	no	.baAA	bbéa	Acb
        (?:(?:\\d)?){1,2}		fits		1
        (?:(?:\\d)?){1,2}		no	b	cc	aAccA1
        (c|[^\\d])	i	fits	A	a	b
        (c|[^\\d])	i	no	AbAéé	aa.	1
        ([ab][^\\d]|c)		fits	bA	ba	bb
        ([ab][^\\d]|c)		no	1a1	..1	cac
        a		fits	a
        a		no	bcb	ab.	.ébéA
        [\\w]		fits	1	A	a	b
        [\\w]		no	ab1	bAabb	.aa
        (ab|[\\w])		fits	1	a	b
        (ab|[\\w])		no	ébcc1	céb.1c	.ba1
        (é|(?:[^\\d])?(1|bc))	i	fits	é
        (é|(?:[^\\d])?(1|bc))	i	no	1c	A.aa1.	bAabb
        (?:a){,2}		fits		a	aa
        (?:a){,2}		no	a11a	bcA	bA
        a		fits	a
        a		no		éé.ab	cA
        \\.a1(?:(?:cA)*)+		no	écbaa	c	.
        [ab]	i	fits	a	b
        [ab]	i	no	.A.a.	éé1Aa	éAc
        [a-c1]		fits	1	a	b
        [a-c1]		no	éé	11bAéA	.éba1
        bA		no	bc	c1c	1ab.cc
        ab	i	no	1é	cb1Aé	1cb1é
        a1		no	Abcé	a.aa	éa
        a	i	no	b.	bc1bb	aaé
        c	i	fits	c
        c	i	no	A..Ab		bcéA1
        1	i	no	.éa.1	b1cbb	a.bc
        éA[ab]bc		no	A.	cb	ca
        b		fits	b
        b		no	a.a	Aaééaa	1
        (?:[^\\d])?		fits		A	a	b
        (?:[^\\d])?		no	1caé	.b.Ac	bé
        bca1a(bc|\\d)(?:a1){2,}(\\.|\\.ca)	i	no	cca1a	1é.éa	1é.
        a1	i	no	baaéA	b.cbéa	b1
        \\d		fits	1
        \\d		no	c	aAA	ca
        (?:[^\\d])*		fits		.aéabb	.cb.	A
        (?:[^\\d])*		no	11	1.aaé.	1aé
        (?:b){2,}	i	fits	bbb
        (?:b){2,}	i	no	a.a.	.abbé	éb
        ab	i	no	cAbb	éa	ca
        ab		fits	ab
        ab		no	A.	a.é.a1	Acb
        bc	i	no	.	aa	
        (\\W|c[ab]\\W)		fits	.	é
        (\\W|c[ab]\\W)		no	b	éac	AA
        (?:(?:(é|a)){1,2}){2,}	i	fits	éa	ééa
        (?:(?:(é|a)){1,2}){2,}	i	no	bc	ébAbb	baAa.
        AA\\.c[a-c1]a1		no	cb	bé.aéc	AéA.a1
        a1	i	no	1é	b.1é	A
        A		no	éaaaéé	béa.A.	abbacé
        (?:(?:(a|bc)){,2}){1,2}	i	fits		a
        (?:(?:(a|bc)){,2}){1,2}	i	no	bcac	cébbéa	1Ac
        [\\w]		fits	a	b
        [\\w]		no	Aa	A1a	éA
        (?:(c|\\d))?abc\\.(?:[^a])?abcAbcc	i	no	bAAa	bb	ébaA
        [\\w]	i	fits	a	b
        [\\w]	i	no	1.bbA	.ééb1a	éa
        ab		no	b.é.	abA	écabb
        a1		no		aba	aaA
        a1		no	abécA	1.é.c	abca
        ab		no	éc	cébabb	bbA
        cA[^a](a|b)cA.\\.		no	c.b	1é1	bbé.a
        \\.cAab(?:\\.){2}	i	no	ca1	abbé	cbb.a
        (?:((?:[^\\d]){2,}|\\d\\d)){1,2}	i	fits	.AAé.	.ba	Aa	Ab
        (?:((?:[^\\d]){2,}|\\d\\d)){1,2}	i	no	éba1a.	.1	a1aab
        \\.	i	fits	.
        \\.	i	no	a.aAa1	Aé1	é
        é		no	bbb.ac	é1	1aa
        .	i	fits	a
        .	i	no		acba	bA1
        \\W[\\w]Abcé\\d	i	no	c	éac	b1bc
        (?:bc)*		fits	
        (?:bc)*		no	a.aé	b.1b	11.éa
        [^\\d]		fits	A	b	é
        [^\\d]		no	éa	éb11.a	Aa
        cA		no	11	.	b1
        cabéb	i	no	aééab	1	A
        abab		no	1.a..c	cbAab	bb
        [a-c1]	i	fits	1	a	b
        [a-c1]	i	no	éA1bA	abAaa	cA
        [ab]\\d1[^a]\\d[a-c1]\\.		no	A1béé1	bcb	caéAbA
        (\\.|(\\d|\\d))		no	éaaéa	aa	éébééA
        .		fits	.	A	b	é
        .		no	Abaéé	AcAc	
        \\.		no		é1.A1é	é
        ab	i	no	aba.1.		1a.c.b
        ab	i	fits	ab
        ab	i	no	.é	.Aé	cabac
        bc	i	no	bé.	bc1aac	ab
        ((?:[^a]){2}|(A|(?:a1){2}))	i	fits	A	b.
        ((?:[^a]){2}|(A|(?:a1){2}))	i	no	.A	bA	.ba	bA.acc	b
        [\\w]		fits	A	a	b	c
        [\\w]		no	é	c.	.
        ab		fits	ab
        ab		no	aA1a	ébc.Ac	b1b
        é	i	no	1abé	AbAa	1bAbbé
        A	i	no	b	aA.b	cééa
        (bc\\.b1cA|c)	i	fits	c
        (bc\\.b1cA|c)	i	no	cbAb	A1a	cb.
        bé.	i	no	ca1c1A	A.aé	bacé
        (([\\w]|(.|ab))|(?:A\\da1){1,2})	i	fits	.	1	A	a
        (([\\w]|(.|ab))|(?:A\\da1){1,2})	i	no	1céb	.a.éac	.b.A
        \\.	i	no		1é	éaAa
        bc	i	no	abA	bba	bb1a
        (?:(?:\\.)*)*	i	fits		...
        (?:(?:\\.)*)*	i	no	bbécé	abaaa1	.1A1b
        \\d[^\\d].b[a-c1]		no	acaéa	a	ébaA
        1(?:ab)*bca(?:ab)?		no		éA	1A
        (ab[^\\d][^\\d]|([a-c1]|cA)).\\.a1A1a1bc[\\w]c	i	no	Ac1ba	céé	baébac
        \\Wa\\.bc[^a]\\d	i	no	aé.bba	a1éab	11bbc.
        A		fits	A
        A		no	11	aé	aé1
        [ab]	i	fits	a	b
        [ab]	i	no		ba1	éAAé
        (b|\\Wc)1b[ab]\\dacA	i	no		é.aa	cAa
        .		fits	1	a	é
        .		no	A.b1	aba	1bba
        1[ab].\\d		no	a1a	c.b	bc
        cA		no	aécéaé	a1é.a	b
        ((?:\\.){2}|Aaé)é1	i	no	11	Aa1	éAbb
        cA		no	a.bé	AAéaé	.éébA
        b		fits	b
        b		no	Aba.b	.b1bAb	cc1
        [^a]		fits	b
        [^a]		no	aa1.	Ab	b.b
        ((1|ab)|abc1caé)		no	bba1ca	cébb1b	Aab1é
        [ab]		fits	a	b
        [ab]		no	ac	a.	Ab.1ab
        [^\\d][^\\d]		fits	ac	éa	éb
        [^\\d][^\\d]		no	abA	bb1é	bbb
        \\.		fits	.
        \\.		no	1c	.bc1	abbbaa
        [a-c1](?:1){2,}[\\w]cA	i	no	éba.b	babAéc	b.b
        (?:(b[ab][^\\d]|b))+	i	fits	b	bb
        (?:(b[ab][^\\d]|b))+	i	no	.bbé1	AéébaA	11A11
        a1\\d	i	no	a1Aéb	.éébé	A.
        (?:a)+	i	fits	a
        (?:a)+	i	no	b1cc	é	b1Ab
        [a-c1](A|cA)\\.[^\\d]		no	.é	éA1	aAé
        (?:(A|a))?		fits		a
        (?:(A|a))?		no	b	b1a	1
        [a-c1]1é[\\w]	i	no	bé	bbAcbb	ab
        cA		fits	cA
        cA		no	aécb1a	éAc	.é11
        (?:bc){2}		no	bé1a.	a1b1	éb.1
        \\W		no	ba1a	a.é	b1éAb
        [\\w]		fits	1	A	a	b
        [\\w]		no	1cac	AaA.A	éb
        (([^\\d]|b)(\\.|[\\w])(?:c){2}|é)		no	.	aAé	a
        bc		fits	bc
        bc		no	bbcacé	éaéAb	aA.
        (?:bc)+		no	acb	baaéc	ab
        [a-c1]a1		no	caacb.	éb	1bc.
        cA	i	no	b	é..b	bA
        ab		no	.Acé	c	bAa
        a	i	fits	a
        a	i	no	bbéAba	aaab1a	b..bc
        é(?:c)?[ab]cA		no	a.aA.b	AéaA1A	.AAaa
        (?:é)+bb1A		no	.é11	ac.	éaa
        (a1|bc)	i	no	cbbA1	ba.é	acAA
        ab\\Wab	i	no	aéca	éca	.baAa
        ([ab]|\\dc)abb\\da1	i	no	ab1b.1		é
        ab		no	.acA1c	cbb	a1Aa
        bc([^\\d]|a1)(cA|[^a])([\\w]|a)a		no	bébé	.caba	ééb
        abbc[a-c1](a|1)bc\\d	i	no	a1cbc	Abb	a
        a		fits	a
        a		no	ca		b1b
        cé		no	céa1	cbb	cbab
        (?:[\\w]){,2}	i	fits		A	a	a1
        (?:[\\w]){,2}	i	no	cA.	b1bcbé	ééba
        [ab]	i	fits	a	b
        [ab]	i	no	b.b1Aa	acbaA	b.ca1
        (?:[^\\d]){2,}		fits	.c	.cc	Abé	aa
        (?:[^\\d]){2,}		no	b.b1b1	.	
        (?:[^\\d]){2}		fits	.é	ba	bc	bé
        (?:[^\\d]){2}		no	b.a	.éAé	1
        .		fits	1	b
        .		no	bbaAc	bbba	1aA.b
        \\W		fits	é
        \\W		no	.b	c1..b	1.1aba
        cA		no	b..ba	Aéb1cb	bb.
        [^\\d]	i	fits	A	a	b	c
        [^\\d]	i	no	aa1ba1	éa	a1aac
        (?:\\d(cA|b))*		fits	
        (?:\\d(cA|b))*		no	b.b	bbéc1b	.ba
        (?:a)+	i	fits	a	aa
        (?:a)+	i	no	écéb	1b1.	b1
        [^a]bc\\d(1|c)[ab]	i	no	b1céb	1aba	c
        (c|\\d)	i	fits	c
        (c|\\d)	i	no		é1	abbaaA
        c	i	fits	c
        c	i	no	aA.bAé	ca.b	.b
        a		fits	a
        a		no	AAc	bbcb	.
        é	i	fits	é
        é	i	no	éabé1	bA1aé	c1b1éa
        .éb(?:é){,2}c[^\\d]Aa1\\.1	i	no	b.a	1bba	1ab.b
        \\W		fits	.	é
        \\W		no	caéa	Ab	ca
        (?:\\d){,2}		fits	
        (?:\\d){,2}		no	A1	béb	1éaéA.
        [a-c1]\\W\\.\\d	i	no	.	1éc.	1
        (([a-c1]|1)|a1[\\w]\\d)		fits	1	b	c
        (([a-c1]|1)|a1[\\w]\\d)		no	aaa	.1	éa
        1é[^a]c	i	no	1c	cbacab	bcba.
        a1.		no	.AAbaé	é1Aé	Aaéa
        cA	i	no	.1	.ab	
        c	i	no	1a	aAa.1	1
        [a-c1]	i	fits	1	a	b	c
        [a-c1]	i	no	b.bcb.	é	1a.aac
        [\\w]		fits	b	c
        [\\w]		no	éa	c.	éé1
        a\\.bca1	i	no	Ac	AcAéba	AbAa
        ((1cb|bc)|1bc(?:a)+)		no	.1b..	bAaA	b1bé.
        [\\w]	i	fits	1	b	c
        [\\w]	i	no	.aaa	ccabac	
        (?:(\\.|[ab])){2}		fits	aa
        (?:(\\.|[ab])){2}		no	A.1	cA.b	baAAAc
        [a-c1]	i	fits	a	c	A
        [a-c1]	i	no	caabbA	
        .	i	fits	a	b	c	é
        .	i	no	.bAA	.éA	Aaé.
        ([\\w]|[^\\d]abb)	i	fits	1	A	a	b
        ([\\w]|[^\\d]abb)	i	no	1.	baaac	c.ac
        1	i	fits	1
        1	i	no	a1	A	b1c
        cA		no	éAa.bé	ééA	éA.1Ab
        (?:abc\\W)+		no	bb	cacb	1.1é
        .ab(a|\\.)		no	.é1bé	é.bA	baé
        (cb(?:a1)*|c1(1|1))		no	abAba	1cbA1b	.b
        bc(1b|\\W)bc		no	abc	Aa.éab	a
        ab[^a]		no	b	bbb	bb.aé
        Ab[^a].A		no	é1c	éb1	..b
        A	i	fits	a
        A	i	no	AAbab	aaa
        a1		no	a	bAaaa	bbA
        a1	i	no	ab	1bAb1	bAabb
        a		no	é1b	ac	A.1b.a
        a1	i	fits	a1
        a1	i	no	a	b.1a11	aa
        .		fits	A	a	b	é
        .		no	.A.é	bbAé1	1aAa
        cA	i	no	Aaa	A	b1é
        (?:A){,2}[^\\d](A|A)	i	fits	.A	aA
        (?:A){,2}[^\\d](A|A)	i	no	a11	cbAé	b.
        [^\\d]		fits	.	A	b	é
        [^\\d]		no	Aca	aAa	aébbé
        a		fits	a
        a		no	1bbab	A..c.é	c.cc
        ([a-c1]|(?:c)+)	i	fits	a	c
        ([a-c1]|(?:c)+)	i	no	bb.é1	.a	ca1ab
        [^a]		fits	.	1	b	c
        [^a]		no	b.AA	1céa1	.a.bb
        \\W		no	ba	1	ca1céc
        ([\\w]a1|\\dcA)		fits	Aa1
        ([\\w]a1|\\dcA)		no		aaa.	c.bb
        (?:A.)?é[a-c1]	i	no	bcb	bé1	1c1bAb
        (?:bc){1,2}(?:bc)+		no	ba1éc	c.	a.11
        ([ab]|cA)1Aébc[\\w]		no	b1	abbbéa	1bAcbb
        cA		no	cbA1	cbé	babéba
        A		fits	A
        A		no		éaba.1	A1aabc
        \\W	i	no	A	cabé	a
        cA	i	no		11	.b1AAé
        b(\\.é|1)(é|a1)(1|a1).	i	no	aé.	AAb	A.a.
        (cA|[\\w])		fits	1	A	a
        (cA|[\\w])		no	éb	Ab	cb1b
        1		fits	1
        1		no	ba.Aab	aa1a	1c.A.
        (1|[^\\d])	i	fits	a	b
        (1|[^\\d])	i	no		b.aéa	ab
        [ab]		fits	b
        [ab]		no	Aaéc	a1	.baaab
        (bcA\\.ab|[\\w])	i	fits	1	a	b	c
        (bcA\\.ab|[\\w])	i	no	aaabA	bAcbbA	cé.
        1	i	no	a	ba.b	ab.
        \\.		fits	.
        \\.		no	1cbb	aA	é1ca1
        (?:é){2}	i	no	é11cA	acéac	c
        \\d		no	a	éaaa	ac
        [\\w]		fits	A	a	b
        [\\w]		no	abc	Aa1.	1.aa.
        ([\\w]a1bc|(b|c))	i	fits	b
        ([\\w]a1bc|(b|c))	i	no	Ac	a	1
        [^\\d]	i	fits	.	A	b	c
        [^\\d]	i	no	AAa	.a1b1	.A
        éaca1cc[^\\d]	i	no	abAca1	1	éé
        [\\w]		fits	1	a	c
        [\\w]		no		b.bc	.bééA.
        (?:(A|[^\\d]))+\\.1é	i	no	cAé1A1	aa.Ab	éac..
        [^\\d]		fits	.	A	a	c
        [^\\d]		no	a.aa	c1	1aé
        (?:((?:[a-c1]){2,}|\\da1[^a]))+		fits	a11a	abbbab	acbba	bac
        (?:((?:[a-c1]){2,}|\\da1[^a]))+		no	ca1Aa	céb	cA
        é\\W	i	no	.aa	abA1c	Abab
        .	i	fits	.	A	a	é
        .	i	no	1a	bé	bb
        c\\W.(bc|[ab])(1|1)(?:(c|é))+	i	no	1b1a	a1é.	ab
        ((?:[\\w])?cAa1|c)		no	bbb	1.ba	1bé
        bc		no	AbaA1	aé	aA
        1(?:c){2,}ab[^a](?:a){2}		no	c	ab.	éAabb
        (([\\w]|c)|\\d)(a1a1|cA)ab		no	bbb	cccab	
        é		no	aAa	.éabb1	.b1aé1
        (?:[\\w]b){2,}		no	bAaAbb	bcb.	
        abab\\Wéébcb\\dab		no	caba	babb	c.éaé
        [ab]ab	i	no	AbA.b	Aacab	111.a
        (cA|é)		fits	é
        (cA|é)		no	é11	A	1c.
        [a-c1]	i	fits	a
        [a-c1]	i	no	aébé	baéa1	a.é
        cA		no	AabbA1	cé	1a.1
        é\\débcc	i	no	c.bb	1é1aA1	c
        a1	i	no	c	abé.é	céa.é
        ébccA(a1|\\d\\W)cA		no	aAbb	.	c.é1éa
        cA	i	no	b1	bc.b.	cAa
        \\W		fits	é
        \\W		no	AA	cacéba	aac
        (?:a1cA(?:1){1,2}){1,2}		no	é.1	.c.1b1	bac.
        [ab]	i	fits	b
        [ab]	i	no	.	.ébA1b	bc
        bcA[\\w](?:ab){1,2}(bc|c)(c|A)	i	no	aé1	aébaa1	.bac1
        (b1[ab]éb|\\W.(?:\\d)?)	i	fits	.b
        (b1[ab]éb|\\W.(?:\\d)?)	i	no	aa	é.c	bcAA
        é	i	fits	é
        é	i	no	11AébA	a.c	écc
        (?:cA1bc){2}		no	abab	b1bbac	a.c1Aa
        (?:[^\\d]){,2}	i	fits		.	A	a
        (?:[^\\d]){,2}	i	no	béé	écé1b	abbbb1
        c	i	no	éc		aa.aa
        ab	i	fits	ab
        ab	i	no	A1	a..Aa	.
        [^\\d]	i	fits	.	b
        [^\\d]	i	no	AcbA	a1aé	bb1ba
        c		no	a1A..	b11b	.
        .	i	fits	1	a	c
        .	i	no	b1.aé	.ac	ab
        \\d		fits	1
        \\d		no	cAbé	.ab1aa	bccA1
        (a|a1cab[\\w]é\\d(?:[a-c1])?)	i	fits	a
        (a|a1cab[\\w]é\\d(?:[a-c1])?)	i	no	aA	éaa	Aa
        a1		no	1	éa1	b
        \\.[a-c1]		fits	.a
        \\.[a-c1]		no	1Aa1b	b	béa
        bc		no	a.	cc	aa
        [\\w]		fits	1	b
        [\\w]		no	bacc	a1.	é1aAb.
        b	i	fits	b
        b	i	no	.aa.	AA	bécb
        (b|ab)		fits	b
        (b|ab)		no	Aaaa1	AA	é
        a		fits	a
        a		no	cbcb	éaa	1a..bb
        A		fits	A
        A		no	.	.aA	1aéaa
        (\\W|[^a])		fits	.	1	b	c
        (\\W|[^a])		no	1a	aa.b.	a1aa
        (?:[^a]){1,2}	i	fits	.b	.é	1	1b
        (?:[^a]){1,2}	i	no	aébééb	.1.	éa
        \\.		no	b	aéa1a	abbAa
        ab	i	fits	ab
        ab	i	no	cAébA.	Aabbcc	b
        A[\\w](?:\\W){2,}	i	no	a.bbbb	1éaaba	1.A1
        [^a]		fits	b	c	é
        [^a]		no	...b	abé	A.b.a1
        ([\\w]|\\W)		fits	A	c	é
        ([\\w]|\\W)		no	b1	a.b.	b1é.
        \\dcA		no		.bb	AbAéca
        [^a](?:ab1){2,}		no	bb..		éa.A
        cA		no	a	c1é	bacbé
        (?:A){1,2}	i	no		ab.c	cab1
        [^\\d]	i	fits	.	a	b	c
        [^\\d]	i	no	é.b		b.éaaa
        (A|(ab|1[\\w][^a]))	i	fits	A
        (A|(ab|1[\\w][^a]))	i	no	baA	.béaé	cabc1
        b	i	no	Aa	a.a1.	.c11cc
        a1		no	b1béb	1é1ab1	.bba11
        (\\d[ab]1|ab[\\w][ab])	i	no	Aba1b	aaa	é.1bcc
        ab	i	no	bc1bé	Ac	c.b.1
        \\.		fits	.
        \\.		no	a.a	cc1.aé	c
        bc	i	fits	bc
        bc	i	no	1éé	.Ab	a
        (cA|a1)	i	no	c	ba.	AA
        (([^a]\\d|ab1)|bc)	i	no	éacc.A	aAbAb	1.Ac1a
        (?:(?:1){1,2}){,2}		fits		1
        (?:(?:1){1,2}){,2}		no	1a	a.Aé	Ab
        c	i	no	A	caa.b	aéabAa
        [^a]		fits	A
        [^a]		no	1.	aéac	bb
        A		fits	A
        A		no	a	1bé1A	11abb
        b	i	fits	b
        b	i	no	é	1aaaca	é.11
        c	i	fits	c
        c	i	no	bé.Aa	éAéaa	.éabc
        cAbc		no	1éb1	b.ba	é
        \\d		no	bA	ba1aac	.Aaa
        (?:(é|1)){2,}		fits	é1
        (?:(é|1)){2,}		no		1Ab	ac
        (?:[ab])?([\\w]|\\.)		fits	.	a	ac	b
        (?:[ab])?([\\w]|\\.)		no	c1	.1é.Ac	cbéc.c
        (\\.|(?:a)?)	i	fits		a
        (\\.|(?:a)?)	i	no	c..ba	ébcbA	b
        a	i	fits	a
        a	i	no	bba	é1a	b1A
        A(cA|(?:\\.){2,})cA\\d.[\\w]a1[^a]		no	bAaA	aA.a	A.
        1	i	fits	1
        1	i	no	c	éc1	ccb
        [\\w]cA	i	no	c1éA1A	b.a	aA.1A1
        [^a]\\.\\.	i	no	1é	.bécA	a
        [ab]	i	fits	a	b
        [ab]	i	no	bécbcc	AcAba	1..1aé
        b(?:cAacA){,2}(?:(?:b)+)+	i	no	b.a.bb	céé1a	é1bAéa
        cA		no	abbba1		ab1ccA
        c		fits	c
        c		no	ab.cb		bbb
        cé	i	no	b1	A1	.bb.
        (ab|[\\w]ba1)a		no	bb	cA.	c
        c		no	Ac.	b.1b	é
        ((A\\d|c)|(é|[a-c1]))	i	fits	1	b	c
        ((A\\d|c)|(é|[a-c1]))	i	no	ca	b1	Aé.
        [ab][^\\d]bc\\d[\\w]c		no	abébcb	ab1	1
        abcAbcA	i	no	éca	b.bb	éaa.a
        A.		no	c1	cbaaA	
        a1	i	no	1b1bc	é1	Aaa
        ab		no	cb	1	é1A
        é[^a].a		no	1bba.c	bac	.c1aéa
        (?:(?:(1|\\.)){2})?	i	fits	
        (?:(?:(1|\\.)){2})?	i	no	bbc11.	.bAb	acAcb
        (?:(c|b)[^\\d]){2}	i	no	ccac.b	bcc	c.
        bc		no	bba	11c	cbaab
        (1|cAb)	i	no	c	.éAééA	1aé1a
        .aaa1A(?:(c|ab)){2,}	i	no	caA1é	Ab	
        a1		no	a.écac	b1.a	1a
        [^a]	i	fits	.	1	b
        [^a]	i	no	A	b..a	ab.cA1	b.éAa
        a1	i	fits	a1
        a1	i	no	Aé.c1b	1a	
        cA		no	b.b	aaAcaa	ab
        a		no	.Aa	.b.aba	c
        a		fits	a
        a		no		.1.1	cc.é
        cA	i	no	1aaA	A	aAa
        bc		no	ébA	a1b1	1bbb
        ([^a]|[^\\d]1(cA|c))		fits	b	c	é
        ([^a]|[^\\d]1(cA|c))		no		aa.éb	1b
        \\d		fits	1
        \\d		no	1aa	b1bba	.Ab
        \\d[ab](?:1)+	i	no	abébéc	b	..ébb1
        éA(é|bc)\\.\\Wbc		no	aaa	1	cAa1.
        a1		no	c.1ab	.bb	c.
        aba[\\w]bcA		no	.	A1ab1	éaab
        b	i	fits	b
        b	i	no	a.bé	Aéaa1	bc.1
        ((c|ab)|é)bc		no	é1a	.béb	AéA1
        a	i	no	1..	aaé.A	baA
        ((?:1)?(?:1){2,}bc|(\\.|é))	i	fits	.
        ((?:1)?(?:1){2,}bc|(\\.|é))	i	no	A.bab	acb1	éA
        [^\\d]	i	fits	.	A	a	b
        [^\\d]	i	no	cac	Aaa	bbc
        b	i	fits	b
        b	i	no	Aa1.b	ébbA	bc
        .AcA(bc|a1)[a-c1]éb	i	no	aAbAa	baé.é	ca
        (?:(c|A)abc){2,}		no	cbéAb1	Acb1.	é
        cA		no	a.	éAb	Aaaé1A
        [a-c1]cA[a-c1]ca1[ab]		no	A1b	écA.a	ébA
        (a1[\\w]|\\d)(?:[ab]){2}	i	no	.a1b	bb1a1	c1c
        (?:[ab]){2,}((\\.|bc)|(?:1)*)(cAaab|(?:[\\w])+)	i	fits	aaa	bbAa
        (?:[ab]){2,}((\\.|bc)|(?:1)*)(cAaab|(?:[\\w])+)	i	no	.é.	bA	a
        \\WA1	i	no	é	cAb	b
        (1|c(?:\\.){1,2})	i	fits	1
        (1|c(?:\\.){1,2})	i	no	.1ca	c.A	éAa
        [^a]		no	c..Ab	béAb	1cbéA
        c	i	no	Aé	éc..a	a
        (?:(?:\\W){1,2}){,2}[a-c1]b	i	fits	cb	éab
        (?:(?:\\W){1,2}){,2}[a-c1]b	i	no	1c	.éé	aéééba
        [\\w]		fits	A
        [\\w]		no	a1	.bAAc	a.
        [ab]		fits	a	b
        [ab]		no	.b1	A1	
        a1		no	.éaé.b	a	éb
        [a-c1]	i	fits	1	a	c
        [a-c1]	i	no	bb	acba	caa
        (?:\\W){2,}	i	no	b	a.aA.b	.a1..c
        b		fits	b
        b		no	.baAa	1éA	aaé
        [^\\d]		fits	b	c	é
        [^\\d]		no	.bA	A1cca1	cab
        (cA|bc)	i	no	aéA11b	a	aab
        A(?:a1)?c		no	bc1a	cbbbcé	.bAb
        \\.	i	fits	.
        \\.	i	no	.c	ab.ab	A1.A1
        ab	i	no	bbA.	baAé	a
        bc	i	no	cab	aébaab	b1aA
        \\.	i	no	1éa1	a	ba
        (?:cA)?bc	i	no	ac1bc	.baa1A	
        (a|(([ab]|\\.)|bc))	i	fits	.	a	b
        (a|(([ab]|\\.)|bc))	i	no	b..1	..	A.aacA
        (([\\w]|.)|([a-c1].|1[ab]))		fits	1	a	b	c
        (([\\w]|.)|([a-c1].|1[ab]))		no	Abca	a1Ac	écbc.
        cA		no	1c	Aééab	.b.1
        \\.		no	aA.A	cé	1c
        cA		fits	cA
        cA		no	Aaaaaa	.1.cc	bcbbac
        (?:a1)+	i	fits	a1
        (?:a1)+	i	no	..1bc	AA.b	cb.cac
        \\d		fits	1
        \\d		no	ab.	éb	b1ab
        \\d		fits	1
        \\d		no	bcbab	c1Aa	A1a
        (ba11(?:a1){2,}|a1)	i	fits	a1
        (ba11(?:a1){2,}|a1)	i	no	a.A	caAA	a1bb
        ((?:\\.){1,2}|bc\\W)		fits	.
        ((?:\\.){1,2}|bc\\W)		no		bé	éca
        (?:\\d)?é[ab]	i	no	b.1b	ab	béAAa
        (\\d|cA)		fits	1
        (\\d|cA)		no		ccA	a
        \\d		fits	1
        \\d		no	é.bAé	ébb.	ccc
        [\\w]	i	fits	a	b	c
        [\\w]	i	no	cb1éAb	..bb	1a.a
        [\\w]		fits	1	A	a	b
        [\\w]		no	cbcab.	bA..	cb
        a1a1cAb	i	no	béa	a1é.1A	éb1aa
        bc	i	no	ab.	bb	Aac
        A		no	1A	éa1b1	cAa
        é		fits	é
        é		no	baaAbA	1.bbc	cabééa
        (?:cAa1ccAa1){,2}	i	fits	
        (?:cAa1ccAa1){,2}	i	no	Aééé.	bcbaba	1.
        a1		no	abccca	.	1abbb
        bc	i	no	a	éba1	11a.A
        \\.	i	fits	.
        \\.	i	no	A.ccbb	aééc1	écb
        [ab]ba1A[^\\d]	i	no	Aébcé	11Ab1c	.éba.1
        (\\.|a)	i	fits	.	a
        (\\.|a)	i	no	c1bca1	é.aé.	abbb
        (?:cA\\.){1,2}		no	a	b.b	a.c
        (?:(?:bc)*)?	i	fits	
        (?:(?:bc)*)?	i	no	abé	1	a..
        A(?:ab)*cb(?:Abcb){2,}		no	bb1é.	aé	A..bb
        (?:(\\.|[a-c1])){2,}	i	fits	.a	.ab.	.abbb1	1b	c1bAb	.bA
        (?:(\\.|[a-c1])){2,}	i	no	écbba
        b	i	fits	b
        b	i	no	1é	A	aA.ba.
        b	i	fits	b
        b	i	no	1	b1.ba	1ba
        1		fits	1
        1		no	A1bb	acaa	aé1é
        a1		no	1é	b	bAcb1é
        \\W	i	fits	.	é
        \\W	i	no	.b		bacé
        (?:.)?	i	fits		.	1	b
        (?:.)?	i	no	éAaa1	.baaac	ca
        [ab]		fits	a
        [ab]		no	bAb	éaAcbé	cAa1a1
        ([\\w][ab][^a]|(?:(?:a1){2,}){2})	i	fits	1aé	aab	aaé
        ([\\w][ab][^a]|(?:(?:a1){2,}){2})	i	no	1cbaab	é.béba	aé1a
        (cA|(?:(?:\\W){2,})?)	i	fits	
        (cA|(?:(?:\\W){2,})?)	i	no	b	AAc.c	b1babc
        [\\w]	i	fits	1	A	a	b
        [\\w]	i	no	.ccééA	Aa.	bba
        [ab][\\w]	i	fits	aa	ba
        [ab][\\w]	i	no	ba.a	baca1	caa1aa
        (bc|(?:c){,2})	i	fits	
        (bc|(?:c){,2})	i	no	ca	1bAbab	aébb
        [ab]		fits	b
        [ab]		no	cé1	é.	bbb11b
        A		no	aaa	aaaa	aéaA
        \\.		no	b	aa.	bA1
        1	i	no	bc	b	aa
        (?:((a|\\d)|ab)){2,}		fits	11	abaaa
        (?:((a|\\d)|ab)){2,}		no	éaé	.aé	1bcb
        (?:(?:A)?){2}	i	fits		A
        (?:(?:A)?){2}	i	no	1Aabbb	bcaé11	1é.
        (\\.|éaba(?:é){,2})		no	ab	aa	aac1bb
        (a1|[\\w])		fits	1	A
        (a1|[\\w])		no	bé1A	ca.ba	1AcAaé
        (a(\\.|a1)|((?:é){1,2}|(?:A){1,2}))	i	fits	é
        (a(\\.|a1)|((?:é){1,2}|(?:A){1,2}))	i	no	ba	1bcab.	11cA11
        .		fits	.	A	b	c
        .		no	cbé.A	bA	cA
        [^\\d]		fits	a	b	é
        [^\\d]		no	cé	aA	
        (?:\\.(?:cA){1,2}é)+		no	ab.a1a	caabé	1ébcab
        a		fits	a
        a		no	é	céaa	.bAb.
        1(?:1){2}bc	i	no	bé	AaAc1	bAba.
        [^\\d]	i	fits	.	a	b	c
        [^\\d]	i	no	1.	.baAca	bAca1
        """#

    /// Network, the same as it prints, and those of `addresses` that lie in it.
    static let networks = #"""
        10.0.0.0/8	10.0.0.0/8	10.0.0.0	10.255.255.255	::ffff:10.1.2.3	::ffff:a01:203
        10.1.2.3/8	10.0.0.0/8	10.0.0.0	10.255.255.255	::ffff:10.1.2.3	::ffff:a01:203
        0.0.0.0/0	0.0.0.0/0	10.0.0.0	10.255.255.255	11.0.0.0	9.255.255.255	192.168.17.3	192.168.17.4	192.168.17.7	203.0.113.7	172.31.255.255	172.32.0.0	0.0.0.0	255.255.255.255	::ffff:10.1.2.3	::ffff:a01:203	::ffff:11.0.0.0
        192.168.17.4/30	192.168.17.4/30	192.168.17.4	192.168.17.7
        203.0.113.7/32	203.0.113.7/32	203.0.113.7
        172.16.0.0/12	172.16.0.0/12	172.31.255.255
        ::/0	::/0	::	::1	2001:db8::	2001:db8:ffff:ffff:ffff:ffff:ffff:ffff	2001:db9::	2001:0DB8::0001:0:0:1	2001:db8:0:1::5	fe80::1	fe80::1%eth0	febf::1	fec0::1	::ffff:10.1.2.3	::ffff:a01:203	::ffff:11.0.0.0	::fffe:10.1.2.3	::10.1.2.3	64:ff9b::10.1.2.3	2001:db8::10.1.2.2	1::2:0:0:0:3	1:2:3:4:5:6:7::	1:2:3:4:5:6:7:0	::2:3:4:5:6:7:8	0:2:3:4:5:6:7:8
        ::1/128	::1/128	::1
        2001:db8::/32	2001:db8::/32	2001:db8::	2001:db8:ffff:ffff:ffff:ffff:ffff:ffff	2001:0DB8::0001:0:0:1	2001:db8:0:1::5	2001:db8::10.1.2.2
        2001:DB8:0:1::/64	2001:db8:0:1::/64	2001:db8:0:1::5
        fe80::/10	fe80::/10	fe80::1	fe80::1%eth0	febf::1
        ::ffff:10.0.0.0/104	10.0.0.0/8	10.0.0.0	10.255.255.255	::ffff:10.1.2.3	::ffff:a01:203
        ::ffff:0:0/96	0.0.0.0/0	10.0.0.0	10.255.255.255	11.0.0.0	9.255.255.255	192.168.17.3	192.168.17.4	192.168.17.7	203.0.113.7	172.31.255.255	172.32.0.0	0.0.0.0	255.255.255.255	::ffff:10.1.2.3	::ffff:a01:203	::ffff:11.0.0.0
        ::ffff:0:0/95	::fffe:0:0/95	::ffff:10.1.2.3	::ffff:a01:203	::ffff:11.0.0.0	::fffe:10.1.2.3
        2001:db8::10.1.2.3/127	2001:db8::a01:202/127	2001:db8::10.1.2.2
        1:0:0:2:0:0:0:3/128	1:0:0:2::3/128	1::2:0:0:0:3
        1:2:3:4:5:6:7::/112	1:2:3:4:5:6:7:0/112	1:2:3:4:5:6:7::	1:2:3:4:5:6:7:0
        ::2:3:4:5:6:7:8/128	0:2:3:4:5:6:7:8/128	::2:3:4:5:6:7:8	0:2:3:4:5:6:7:8
        64:ff9b::/96	64:ff9b::/96	64:ff9b::10.1.2.3
        """#

    /// Texts, of which some are no addresses.
    static let addresses = #"""
        10.0.0.0
        10.255.255.255
        11.0.0.0
        9.255.255.255
        192.168.17.3
        192.168.17.4
        192.168.17.7
        203.0.113.7
        172.31.255.255
        172.32.0.0
        0.0.0.0
        255.255.255.255
        ::
        ::1
        2001:db8::
        2001:db8:ffff:ffff:ffff:ffff:ffff:ffff
        2001:db9::
        2001:0DB8::0001:0:0:1
        2001:db8:0:1::5
        fe80::1
        fe80::1%eth0
        febf::1
        fec0::1
        ::ffff:10.1.2.3
        ::ffff:a01:203
        ::ffff:11.0.0.0
        ::fffe:10.1.2.3
        ::10.1.2.3
        64:ff9b::10.1.2.3
        2001:db8::10.1.2.2
        1::2:0:0:0:3
        1:2:3:4:5:6:7::
        1:2:3:4:5:6:7:0
        ::2:3:4:5:6:7:8
        0:2:3:4:5:6:7:8
        10
        10.1.2
        10.1.2.3.4
        10.1.2.03
        10.1.2.256
        10.1.2.-3
        10.1.2.3\s
        \s10.1.2.3
        10.1.2.3/8
        10..2.3
        1000.1.2.3
        0x0a.1.2.3
        :
        :::
        1::2::3
        1:2:3:4:5:6:7
        1:2:3:4:5:6:7:8:9
        1:2:3:4:5:6:7:8::
        ::1:2:3:4:5:6:7:8
        12345::
        g::
        1:2:
        :1:2
        ::10.1.2
        ::10.1.2.3:1
        10.1.2.3::
        fe80::1%
        10.1.2.3%eth0
        [::1]
        host
        1:2:3:4:5:6:7:10.1.2.3
        """#
}
