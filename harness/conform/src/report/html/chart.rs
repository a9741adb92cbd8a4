//! The sequence chart of a case with several sessions: a line of life for each client and one for
//! the server, and an arrow for each thing said.

use super::conversation::Conversation;
use crate::{Happened, report::Escaped};

/// Between two lines of life, in pixels.
const LANE: usize = 340;
/// From the edge to the first line of life.
const EDGE: usize = 80;
/// Between two arrows.
const STEP: usize = 24;
/// Where the first arrow is.
const TOP: usize = 48;
/// The most characters above an arrow.
const LABEL: usize = 44;

pub(super) struct Chart {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) lanes: Vec<Lane>,
    pub(super) barriers: Vec<usize>,
    pub(super) arrows: Vec<Arrow>,
}

pub(super) struct Lane {
    pub(super) name: String,
    pub(super) x: usize,
}

/// An arrow with its text. `barb` and `tip` draw its head: back and forth.
pub(super) struct Arrow {
    pub(super) class: String,
    pub(super) y: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) barb: isize,
    pub(super) tip: isize,
    pub(super) text: String,
    pub(super) middle: usize,
    pub(super) text_y: usize,
}

impl Chart {
    /// The chart of a case, where several sessions talk.
    pub(super) fn of(conversation: &Conversation) -> Option<Self> {
        let mut names: Vec<&str> = Vec::new();
        for name in conversation.entries().map(|(_, entry)| entry.session.as_str()) {
            if !name.is_empty() && name != "setup" && !names.contains(&name) {
                names.push(name);
            }
        }
        if names.len() < 2 {
            return None;
        }
        // The server stands in the middle, so that most arrows are short.
        let server = names.len().div_ceil(2);
        names.insert(server, "server");
        let x = |lane: usize| EDGE + lane * LANE;
        let mut chart = Self {
            width: x(names.len() - 1) + EDGE,
            height: 0,
            lanes: Vec::new(),
            barriers: Vec::new(),
            arrows: Vec::new(),
        };
        let mut y = TOP;
        for (index, entry) in conversation.entries() {
            let client = names.iter().position(|name| *name == entry.session);
            let (octets, is_sent) = match &entry.happened {
                Happened::Sent(octets) => (octets, true),
                Happened::Received(octets) | Happened::Fragment(octets) => (octets, false),
                Happened::Barrier => {
                    chart.barriers.push(y - STEP / 2);
                    continue;
                }
                _ => continue,
            };
            let Some(client) = client else { continue };
            let (from, to) = if is_sent { (x(client), x(server)) } else { (x(server), x(client)) };
            let barb = if to > from { -8 } else { 8 };
            let kind = if is_sent { "sent" } else { "received" };
            let marked = if conversation.is_marked(index) { " marked" } else { "" };
            chart.arrows.push(Arrow {
                class: format!("{kind}{marked}"),
                y,
                from,
                to,
                barb,
                tip: -barb,
                text: label(octets),
                middle: from.midpoint(to),
                text_y: y - 5,
            });
            y += STEP;
        }
        chart.height = y;
        chart.lanes = names
            .iter()
            .enumerate()
            .map(|(lane, name)| Lane { name: (*name).to_owned(), x: x(lane) })
            .collect();
        Some(chart)
    }
}

fn label(octets: &[u8]) -> String {
    let line = octets.split_inclusive(|&octet| octet == b'\n').next().unwrap_or_default();
    let text = Escaped::new(line).text;
    match text.char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
