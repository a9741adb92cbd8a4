//! The record of a case: what every session said, when, with its secrets masked.

use std::{
    borrow::Cow,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::mask::{MASK, Masks};
use crate::{Entry, Happened, Transcript, target::User};

/// The most octets of one message that are kept.
const MESSAGE_OCTETS: usize = 256 << 10;
/// The most octets of one case that are kept.
const CASE_OCTETS: usize = 4 << 20;
/// What an entry counts beside its octets, so that a flood of empty lines is bounded too.
const ENTRY_OCTETS: usize = 64;

/// Collects the transcript of one case from all its sessions.
///
/// It is bounded: of one message 256 KiB are kept, of a case 4 MiB; [`Happened::Omitted`] says how
/// many octets are missing. Who sends a secret says which octets it is, and these are never
/// stored. As a safety net the passwords of the users are masked wherever they occur in what
/// leaves the recorder: as they are, escaped, or in base64; so a server that repeats one does not
/// get it into a report.
#[derive(Debug, Clone)]
pub struct Recorder(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    began: Instant,
    masks: Masks,
    record: Mutex<Record>,
}

#[derive(Debug, Default)]
struct Record {
    transcript: Transcript,
    kept: usize,
}

impl Recorder {
    /// A recorder for a case that begins now or began earlier, with those whose passwords must
    /// not get out.
    pub fn new<'u>(began: Instant, users: impl IntoIterator<Item = &'u User>) -> Self {
        let record = Mutex::default();
        Self(Arc::new(Shared { began, masks: Masks::new(users), record }))
    }

    /// Records something other than octets, and says which entry it became.
    pub fn record(&self, session: &str, happened: Happened) -> usize {
        let at = self.elapsed();
        self.lock().push(at, session, happened)
    }

    /// The transcript so far, fit to be shown.
    pub fn transcript(&self) -> Transcript {
        let mut transcript = self.lock().transcript.clone();
        for entry in &mut transcript.entries {
            if let Happened::Sent(octets)
            | Happened::Received(octets)
            | Happened::Fragment(octets) = &mut entry.happened
            {
                self.0.masks.apply(octets);
            }
        }
        transcript
    }

    /// Lets somebody look at the transcript with what the server sent as it was sent, because a
    /// mask can change the meaning of a message. Nothing of it may be shown but through
    /// [`masked`](Self::masked).
    pub fn judge<R>(&self, look: impl FnOnce(&Transcript) -> R) -> R {
        look(&self.lock().transcript)
    }

    /// The octets with the passwords of the users masked.
    pub fn masked<'o>(&self, octets: &'o [u8]) -> Cow<'o, [u8]> {
        let mut masked = octets.to_vec();
        self.0.masks.apply(&mut masked);
        if masked == octets { Cow::Borrowed(octets) } else { Cow::Owned(masked) }
    }

    /// Since the case began.
    pub fn elapsed(&self) -> Duration {
        self.0.began.elapsed()
    }

    pub(super) fn sent(&self, session: &str, octets: &[u8], secret: &[Range<usize>]) -> usize {
        self.octets(session, octets, secret, Happened::Sent).0
    }

    /// Which entry it became, and when.
    pub(super) fn received(&self, session: &str, octets: &[u8]) -> (usize, Duration) {
        self.octets(session, octets, &[], Happened::Received)
    }

    pub(super) fn fragment(&self, session: &str, octets: &[u8]) -> usize {
        self.octets(session, octets, &[], Happened::Fragment).0
    }

    fn octets(
        &self,
        session: &str,
        octets: &[u8],
        secret: &[Range<usize>],
        happened: fn(Vec<u8>) -> Happened,
    ) -> (usize, Duration) {
        let at = self.elapsed();
        let mut record = self.lock();
        let room = CASE_OCTETS.saturating_sub(record.kept);
        if room == 0 {
            return (record.omit(at, session, octets.len()), at);
        }
        let keep = octets.len().min(MESSAGE_OCTETS).min(room);
        let looked_at = octets.len().min(keep + self.0.masks.longest());
        let mut kept = octets[..looked_at].to_vec();
        for range in secret {
            let end = range.end.min(looked_at);
            kept[range.start.min(end)..end].fill(MASK);
        }
        if keep < octets.len() {
            // The cut must not leave half of a secret that nobody would recognise.
            self.0.masks.apply(&mut kept);
            kept.truncate(keep);
        }
        let entry = record.push(at, session, happened(kept));
        record.kept += keep + ENTRY_OCTETS;
        if keep < octets.len() {
            record.omit(at, session, octets.len() - keep);
        }
        (entry, at)
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.0.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    fn push(&mut self, at: Duration, session: &str, happened: Happened) -> usize {
        self.transcript.entries.push(Entry { at, session: session.to_owned(), happened });
        self.transcript.entries.len() - 1
    }

    fn omit(&mut self, at: Duration, session: &str, octets: usize) -> usize {
        let octets = octets as u64;
        let of_session = self
            .transcript
            .entries
            .iter_mut()
            .enumerate()
            .rev()
            .find(|(_, e)| e.session == session);
        match of_session {
            Some((index, Entry { happened: Happened::Omitted(omitted), .. })) => {
                *omitted += octets;
                index
            }
            _ => self.push(at, session, Happened::Omitted(octets)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Secret;

    fn alice() -> User {
        User { name: "alice".into(), password: Secret::new("hunter2").unwrap() }
    }

    fn octets(happened: &Happened) -> usize {
        match happened {
            Happened::Sent(octets) | Happened::Received(octets) | Happened::Fragment(octets) => {
                octets.len()
            }
            _ => 0,
        }
    }

    #[test]
    fn what_the_sender_names_is_never_stored() {
        let recorder = Recorder::new(Instant::now(), []);
        let secret = 15..22;
        recorder.sent("", b"a LOGIN alice \"hunter2\"\r\n", std::slice::from_ref(&secret));
        recorder.judge(|transcript| {
            let sent = Happened::Sent(b"a LOGIN alice \"*******\"\r\n".to_vec());
            assert_eq!(transcript.entries[0].happened, sent);
        });
    }

    #[test]
    fn what_the_server_repeats_is_masked_when_shown() {
        let recorder = Recorder::new(Instant::now(), [&alice()]);
        recorder.received("", b"a NO hunter2 is wrong\r\n");
        let shown = recorder.transcript();
        let masked = Happened::Received(b"a NO ******* is wrong\r\n".to_vec());
        assert_eq!(shown.entries[0].happened, masked);
        assert_eq!(*recorder.masked(b"hunter2?"), *b"*******?");
        assert_eq!(*recorder.masked(b"fine"), *b"fine");
    }

    #[test]
    fn a_long_message_is_cut_and_its_length_said() {
        let recorder = Recorder::new(Instant::now(), [&alice()]);
        let mut message = vec![b'x'; MESSAGE_OCTETS - 3];
        message.extend_from_slice(b"hunter2 and more");
        recorder.received("", &message);
        recorder.judge(|transcript| {
            let Happened::Received(kept) = &transcript.entries[0].happened else { panic!() };
            assert_eq!(kept.len(), MESSAGE_OCTETS);
            assert!(kept.ends_with(b"x***"), "half a secret is left");
            assert_eq!(transcript.entries[1].happened, Happened::Omitted(13));
        });
    }

    #[test]
    fn a_flood_keeps_the_record_bounded() {
        let recorder = Recorder::new(Instant::now(), []);
        for _ in 0..200_000 {
            recorder.received("a", b"* 1 EXISTS\r\n");
            recorder.received("b", b"* OK\r\n");
        }
        recorder.judge(|transcript| {
            let kept: usize = transcript.entries.iter().map(|e| octets(&e.happened)).sum();
            let omitted: u64 = transcript
                .entries
                .iter()
                .map(|entry| match entry.happened {
                    Happened::Omitted(octets) => octets,
                    _ => 0,
                })
                .sum();
            assert!(transcript.entries.len() <= CASE_OCTETS / ENTRY_OCTETS + 3);
            assert_eq!(kept as u64 + omitted, 200_000 * 18);
        });
        let entry = recorder.record("a", Happened::Disconnected);
        recorder.judge(|t| assert_eq!(t.entries[entry].happened, Happened::Disconnected));
    }
}
