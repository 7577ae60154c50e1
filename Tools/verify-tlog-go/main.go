// SPDX-License-Identifier: Apache-2.0

// Command verify-tlog-go checks a directory in the layout of c2sp.org/tlog-tiles with the tree and the signed notes of
// golang.org/x/mod, and shares no code with Martlet or with verify_tlog.py.
//
//	verify-tlog-go --vkey KEY… [--witness KEY…] [--seen FILE…] [--origin NAME] [--pruned-below N] DIRECTORY
//
// The last line and the exit status are the verdict: 0 verified, 1 tampered, 2 wrong usage, 3 could not run,
// 4 incomplete. It stops at the first thing that is wrong.
//
// All hashes are made anew from the entries and compared with all tiles. tlog.TileHashReader would read less, but in
// x/mod 0.7 it believes some tiles unchecked: when several subtrees at the right edge lie in one tile, as at 70,000.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var (
	vkeys, witnesses, seen list
	origin                 = flag.String("origin", "", "the log's origin, if it is not the name of its key")
	prunedBelow            = flag.Int64("pruned-below", 0, "entries before this may be missing")
)

type list []string

func (l *list) String() string         { return strings.Join(*l, " ") }
func (l *list) Set(value string) error { *l = append(*l, value); return nil }

// finish ends the program: the only way out, with the exit status that belongs to the verdict.
func finish(status int, format string, arguments ...any) {
	if format != "" {
		fmt.Printf("%q\n", fmt.Sprintf(format, arguments...))
	}
	fmt.Println([]string{"verified", "tampered", "wrong usage", "could not run", "incomplete"}[status])
	os.Exit(status)
}

// cosigner verifies the cosignatures of a witness, c2sp.org/tlog-cosignature; x/mod has only plain Ed25519.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.id }
func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 72 {
		return false
	}
	when := binary.BigEndian.Uint64(signature)
	message := fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", when, text)
	// Five minutes are how far a witness's clock may be ahead of ours.
	return when <= uint64(time.Now().Unix()+300) && ed25519.Verify(c.key, message, signature[8:])
}

func newCosigner(vkey string) note.Verifier {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		finish(2, "%s: not a key", vkey)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	id := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if err != nil || len(key) != 33 || key[0] != 4 || fmt.Sprintf("%x", id[:4]) != parts[1] {
		finish(2, "%s: not the key of a witness", vkey)
	}
	return &cosigner{parts[0], binary.BigEndian.Uint32(id[:4]), key[1:]}
}

// openCheckpoint is note.Open line by line: Open passes over a second signature of one key, and over spare bits.
func openCheckpoint(path string, logs, all []note.Verifier) (tree tlog.Tree) {
	message := read(path, 1<<20)
	end := bytes.LastIndex(message, []byte("\n\n")) + 2
	if message == nil {
		finish(4, "%s: missing", path)
	} else if end < 2 || bytes.Count(message[end:], []byte("\n")) > 100 {
		finish(1, "%s: no blank line, or more than 100 signatures", path)
	}
	by := map[note.Verifier]bool{}
	for _, line := range bytes.SplitAfter(message[end:], []byte("\n")) {
		if len(line) == 0 && end < len(message) {
			continue // behind the last newline
		}
		_, encoded, _ := strings.Cut(strings.TrimPrefix(string(line), "— "), " ")
		_, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSuffix(encoded, "\n"))
		opened, openErr := note.Open(slices.Concat(message[:end], line), note.VerifierList(all...))
		var unverified *note.UnverifiedNoteError
		if err != nil || openErr != nil && !errors.As(openErr, &unverified) {
			finish(1, "%s: %v", path, errors.Join(err, openErr))
		}
		for _, verifier := range all {
			if openErr == nil && opened.Sigs[0].Name == verifier.Name() && opened.Sigs[0].Hash == verifier.KeyHash() {
				by[verifier] = true
			}
		}
	}
	lines := strings.Split(strings.TrimSuffix(string(message[:end]), "\n\n"), "\n")
	if len(lines) < 3 || slices.Contains(lines, "") {
		finish(1, "%s: not three or more non-empty lines", path)
	}
	signed := slices.ContainsFunc(logs, func(v note.Verifier) bool {
		return by[v] && (lines[0] == *origin || *origin == "" && lines[0] == v.Name())
	})
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.Strict().DecodeString(lines[2])
	if !signed {
		finish(1, "%s: not signed by a known key of this log", path)
	} else if err1 != nil || err2 != nil || strconv.FormatInt(size, 10) != lines[1] || size < 0 || len(root) != 32 {
		finish(1, "%s: no size or root of a tree", path)
	}
	for _, verifier := range all {
		if !by[verifier] && !slices.Contains(logs, verifier) {
			finish(4, "%s: no cosignature of %s", path, verifier.Name())
		}
	}
	return tlog.Tree{N: size, Hash: tlog.Hash(root)}
}

// read returns a regular file of at most so many bytes, or nil if there is none.
func read(path string, limit int64) []byte {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		finish(3, "%v", err)
	} else if !info.Mode().IsRegular() || info.Size() > limit {
		finish(1, "%s: not a regular file of at most %d bytes", path, limit)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		finish(3, "%v", err)
	}
	return data
}

// items returns the first so many hashes, or entries, of a tile. All its copies, full and partial, have to agree.
func items(directory string, tile tlog.Tile) (found [][]byte) {
	path := func(width int) string {
		name := tlog.Tile{H: 8, L: tile.L, N: tile.N, W: width}.Path()
		return filepath.Join(directory, strings.NewReplacer("tile/8/data/", "tile/entries/", "tile/8/", "tile/").Replace(name))
	}
	widths := []int{256}
	partial, _ := os.ReadDir(filepath.Dir(path(1)))
	for _, file := range partial {
		width, _ := strconv.Atoi(file.Name())
		if width > 0 && width < 256 && strconv.Itoa(width) == file.Name() {
			widths = append(widths, width)
		}
	}
	for _, width := range widths {
		data, split := read(path(width), 256*65_537), [][]byte{}
		if data == nil {
			continue
		}
		for len(data) > 0 {
			skip, end := 0, 32
			if tile.L < 0 && len(data) >= 2 {
				skip, end = 2, 2+int(binary.BigEndian.Uint16(data))
			}
			if len(data) < end {
				finish(1, "%s: ends within an item", path(width))
			}
			split, data = append(split, data[skip:end]), data[end:]
		}
		if len(split) != width {
			finish(1, "%s: %d items", path(width), len(split))
		}
		common := min(len(found), len(split))
		if !slices.EqualFunc(found[:common], split[:common], bytes.Equal) {
			finish(1, "%s: not what another copy is", path(width))
		}
		if len(split) > len(found) {
			found = split
		}
	}
	return found[:min(len(found), tile.W)]
}

// hashes are those of all complete subtrees of 256 entries and more, and those below where they are needed later.
type hashes map[int64]tlog.Hash

func (h hashes) ReadHashes(indexes []int64) (result []tlog.Hash, err error) {
	for _, index := range indexes {
		hash, ok := h[index]
		if !ok {
			return nil, fs.ErrNotExist
		}
		result = append(result, hash)
	}
	return result, nil
}

// put stores the hash of a complete subtree, and those of the larger ones that it completes.
func (h hashes) put(level int, n int64, hash tlog.Hash) {
	h[tlog.StoredHashIndex(level, n)] = hash
	for ; n&1 == 1; level, n = level+1, n>>1 {
		hash = tlog.NodeHash(h[tlog.StoredHashIndex(level, n-1)], hash)
		h[tlog.StoredHashIndex(level+1, n>>1)] = hash
	}
}

// rebuild makes all hashes from the entries and compares them with all tiles; where entries may be missing, from tiles.
// It also says how many hashes and entries are missing that should not be.
func rebuild(directory string, tree tlog.Tree, kept map[int64]bool) (known hashes, missing int) {
	known = hashes{}
	for n := int64(0); n*256 < tree.N; n++ {
		width := int(min(256, tree.N-n*256))
		entries := items(directory, tlog.Tile{L: -1, N: n, W: width})
		stored := items(directory, tlog.Tile{L: 0, N: n, W: width})
		if width < 256 || (n+1)*256 > *prunedBelow {
			missing += 2*width - len(entries) - len(stored)
		}
		for i, entry := range entries {
			hash := tlog.RecordHash(entry)
			if len(stored) == width && hash != tlog.Hash(stored[i]) {
				finish(1, "entry %d is not the one that level 0 has the hash of", n*256+int64(i))
			}
			known.put(0, n*256+int64(i), hash)
		}
		for i := 0; len(entries) < width && i < len(stored); i++ {
			known.put(0, n*256+int64(i), tlog.Hash(stored[i]))
		}
		if len(entries) < width && len(stored) < width {
			above := items(directory, tlog.Tile{L: 1, N: n >> 8, W: int(min(256, tree.N>>8-n>>8<<8))})
			if width < 256 || int64(len(above)) <= n&255 {
				finish(4, "tile 0 of %d is missing, and the one above it", n)
			}
			known.put(8, n, tlog.Hash(above[n&255]))
		}
		// A bundle's own hashes lie in one piece: 2·256 − 2 of them below its root.
		for i := int64(0); width == 256 && !kept[n] && i < 510; i++ {
			delete(known, tlog.StoredHashIndex(0, n*256)+i)
		}
	}
	for level := 1; tree.N>>(8*level) > 0; level++ {
		for count, n := tree.N>>(8*level), int64(0); n*256 < count; n++ {
			tile := tlog.Tile{H: 8, L: level, N: n, W: int(min(256, count-n*256))}
			stored := items(directory, tile)
			missing += tile.W - len(stored)
			made, err := tlog.ReadTileData(tile, known)
			if err != nil || len(stored) == tile.W && !bytes.Equal(made, bytes.Join(stored, nil)) {
				finish(1, "tile %d of level %d is not what the tiles below come to", n, level)
			}
		}
	}
	return known, missing
}

func main() {
	flag.Var(&vkeys, "vkey", "a key of the log; one must have signed")
	flag.Var(&witnesses, "witness", "the key of a witness that must have cosigned")
	flag.Var(&seen, "seen", "a checkpoint of earlier, kept elsewhere")
	flag.Parse()
	if flag.NArg() != 1 || len(vkeys) == 0 {
		finish(2, "a directory and a --vkey are needed")
	}
	directory, logs := flag.Arg(0), []note.Verifier{}
	for _, vkey := range vkeys {
		verifier, err := note.NewVerifier(vkey)
		if err != nil {
			finish(2, "%s: %v", vkey, err)
		}
		logs = append(logs, verifier)
	}
	all := slices.Clone(logs)
	for _, vkey := range witnesses {
		all = append(all, newCosigner(vkey))
	}
	if keys := slices.Sorted(slices.Values(slices.Concat(vkeys, witnesses))); len(slices.Compact(keys)) < len(all) {
		finish(2, "one key is given twice")
	}
	if info, err := os.Stat(directory); err != nil || !info.IsDir() {
		finish(3, "%s: no such directory", directory)
	}
	filepath.WalkDir(filepath.Join(directory, "tile"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			finish(3, "%v", err)
		} else if err == nil && !entry.IsDir() && !entry.Type().IsRegular() {
			finish(1, "%s: neither a regular file nor a directory", path)
		}
		return nil
	})
	tree := openCheckpoint(filepath.Join(directory, "checkpoint"), logs, all)
	kept, olds := map[int64]bool{tree.N >> 8: true}, []tlog.Tree{}
	for _, path := range seen {
		olds = append(olds, openCheckpoint(path, logs, logs))
		kept[olds[len(olds)-1].N>>8] = true
	}
	known, missing := rebuild(directory, tree, kept)
	root, err := tlog.TreeHash(tree.N, known)
	if tree.N == 0 {
		root = sha256.Sum256(nil)
	}
	if err != nil || root != tree.Hash {
		finish(1, "the checkpoint has another root than the log comes to, %v", root)
	}
	for i, old := range olds {
		proof, err := tlog.ProveTree(tree.N, max(old.N, 1), known)
		if old.N > tree.N {
			finish(1, "the log was cut: %s is of %d entries", seen[i], old.N)
		} else if old.N > 0 && err != nil {
			finish(4, "no proof from %s: %v", seen[i], err)
		} else if old.N > 0 && tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash) != nil ||
			old.N == 0 && old.Hash != sha256.Sum256(nil) {
			finish(1, "the log was rewritten after %s", seen[i])
		}
	}
	if missing > 0 {
		finish(4, "%d hashes or entries are missing", missing)
	}
	fmt.Printf("%d entries, root %v\n", tree.N, root)
	finish(0, "")
}
