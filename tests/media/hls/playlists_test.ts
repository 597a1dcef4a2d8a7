import assert from "node:assert/strict";
import { chooseRendition, parseMasterPlaylist } from "lib/media/hls/master_playlist.ts";
import { parseMediaPlaylist } from "lib/media/hls/media_playlist.ts";

const MASTER = `#EXTM3U
#EXT-X-TWITCH-INFO:ORIGIN="s3",B="false"
#EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID="chunked",NAME="1080p60 (source)",AUTOSELECT=YES,DEFAULT=YES
#EXT-X-STREAM-INF:BANDWIDTH=6200000,CODECS="avc1.64002A,mp4a.40.2",RESOLUTION=1920x1080,VIDEO="chunked",FRAME-RATE=60.000
https://cdn.example/x/chunked/index-dvr.m3u8
#EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID="480p30",NAME="480p",AUTOSELECT=YES,DEFAULT=YES
#EXT-X-STREAM-INF:BANDWIDTH=1400000,CODECS="avc1.4D001F,mp4a.40.2",RESOLUTION=852x480,VIDEO="480p30"
/x/480p30/index-dvr.m3u8
#EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID="160p30",NAME="160p",AUTOSELECT=YES,DEFAULT=YES
#EXT-X-STREAM-INF:BANDWIDTH=230000,CODECS="avc1.4D000C,mp4a.40.2",RESOLUTION=284x160,VIDEO="160p30"
https://cdn.example/x/160p30/index-dvr.m3u8
#EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID="silent",NAME="silent",AUTOSELECT=YES,DEFAULT=YES
#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.4D000C",RESOLUTION=28x16,VIDEO="silent"
https://cdn.example/x/silent/index-dvr.m3u8
`;
const AUDIO = `#EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID="audio_only",NAME="Audio Only",AUTOSELECT=NO,DEFAULT=NO
#EXT-X-STREAM-INF:BANDWIDTH=160000,CODECS="mp4a.40.2",VIDEO="audio_only"
https://cdn.example/x/audio_only/index-dvr.m3u8
`;

Deno.test("parseMasterPlaylist() reads names, addresses and what is in each rendition", () => {
  const renditions = parseMasterPlaylist(MASTER + AUDIO, "https://usher.example/vod/1.m3u8?sig=x");
  assert.deepEqual(renditions.map((r) => [r.id, r.name, r.height, r.hasSound, r.hasPicture]), [
    ["chunked", "1080p60 (source)", 1080, true, true],
    ["480p30", "480p", 480, true, true],
    ["160p30", "160p", 160, true, true],
    ["silent", "silent", 16, false, true],
    ["audio_only", "Audio Only", undefined, true, false],
  ]);
  assert.equal(renditions[1]!.url, "https://usher.example/x/480p30/index-dvr.m3u8");
});

Deno.test("chooseRendition() takes audio only where offered, else the lowest with sound", () => {
  const pick = (text: string, quality?: string) =>
    chooseRendition(parseMasterPlaylist(text, "https://a/"), quality).id;
  assert.equal(pick(MASTER + AUDIO), "audio_only");
  assert.equal(pick(MASTER), "160p30");
  assert.equal(pick(MASTER, "audio_only"), "160p30");
  assert.equal(pick(MASTER, "source"), "chunked");
  assert.equal(pick(MASTER + AUDIO, "480P"), "480p30");
  assert.equal(pick(MASTER + AUDIO, "160p30"), "160p30");
  assert.equal(pick(MASTER + AUDIO, "720p60"), "480p30");
  assert.equal(pick(MASTER + AUDIO, "100p"), "160p30");
  assert.throws(() => pick(MASTER, "huge"), {
    name: "RangeError",
    message: /offers 160p30, 480p30, chunked/,
  });
  assert.throws(() => chooseRendition([]), RangeError);
});

Deno.test("parseMediaPlaylist() accounts sequence, time, muting, discontinuities and ranges", () => {
  const text = `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:10
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-TWITCH-TOTAL-SECS:33.300
#EXT-X-MAP:URI="init-0.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.678Z
#EXTINF:10.000,live
7.ts?sign=a
#EXT-X-DISCONTINUITY
#EXT-X-DATERANGE:ID="stitched-ad-1",CLASS="twitch-stitched-ad",START-DATE="2026-01-02T03:04:15.678Z",DURATION=30.0
#EXTINF:9.500,Amazon|1
8-unmuted.ts
#EXTINF:3.3,
#EXT-X-BYTERANGE:100@20
https://other.example/9-muted.ts
#EXT-X-TWITCH-PREFETCH:10.ts
`;
  const playlist = parseMediaPlaylist(text, "https://cdn.example/x/a/index.m3u8?sign=b");
  assert.deepEqual(playlist.segments.map((s) => [s.sequence, s.url, s.start, s.duration]), [
    [7, "https://cdn.example/x/a/7.ts?sign=a", 0, 10],
    [8, "https://cdn.example/x/a/8-muted.ts", 10, 9.5],
    [9, "https://other.example/9-muted.ts", 19.5, 3.3],
  ]);
  assert.deepEqual(playlist.segments.map((s) => [s.muted, s.discontinuity, s.title]), [
    [false, false, "live"],
    [true, true, "Amazon|1"],
    [true, false, ""],
  ]);
  assert.deepEqual(playlist.segments[2]!.byteRange, { offset: 20, length: 100 });
  assert.equal(playlist.segments[0]!.map!.url, "https://cdn.example/x/a/init-0.mp4");
  assert.equal(playlist.segments[0]!.programDateTimeMs, Date.UTC(2026, 0, 2, 3, 4, 5, 678));
  assert.equal(playlist.ended, false);
  assert.equal(playlist.dateRanges[0]!["class"], "twitch-stitched-ad");
  assert.deepEqual(playlist.prefetch, ["https://cdn.example/x/a/10.ts"]);
  assert.equal(parseMediaPlaylist("#EXTM3U\n#EXTINF:4,\na.ts\n#EXT-X-ENDLIST\n", "https://a/").ended, true);
});

Deno.test("the playlist readers reject what is none, is encrypted or names files", () => {
  const media = (text: string) => () => parseMediaPlaylist(text, "https://a.example/x.m3u8");
  assert.throws(media("<html>"), { name: "SyntaxError", message: /no HLS playlist/ });
  assert.throws(media(""), SyntaxError);
  assert.throws(media(MASTER), { name: "SyntaxError", message: /master playlist/ });
  assert.throws(media("#EXTM3U\n#EXTINF:4,\nfile:///etc/passwd\n"), {
    name: "SyntaxError",
    message: /no http address/,
  });
  assert.throws(media('#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:4,\na.ts\n'), /encrypted/);
  assert.throws(() => parseMasterPlaylist("#EXTM3U\n#EXTINF:4,\na.ts\n", "https://a/"), /no renditions/);
});
