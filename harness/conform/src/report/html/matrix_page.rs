//! What the page of several runs shows, as the template wants it.

use askama::Template;

use super::{RequirementShown, SCRIPT, STYLE, script_hash};
use crate::{
    Matrix, Verdict,
    matrix::{Cell, Row},
    report::markdown::{LEVELS, said},
};

#[derive(Template)]
#[template(path = "matrix.html")]
pub(super) struct MatrixPage<'m> {
    style: &'static str,
    script: &'static str,
    script_hash: String,
    tool: String,
    levels: Vec<&'static str>,
    runs: Vec<RunShown<'m>>,
    differences: Vec<RowShown<'m>>,
    sections: Vec<Section<'m>>,
}

struct RunShown<'m> {
    name: &'m str,
    page: &'m str,
    software: &'m str,
    counts: Vec<(usize, usize)>,
    capabilities: String,
}

struct Section<'m> {
    /// What a link names it by, in which no space can stand.
    id: String,
    name: String,
    broken: usize,
    rows: Vec<RowShown<'m>>,
}

struct RowShown<'m> {
    requirement: RequirementShown<'m>,
    cells: Vec<CellShown>,
}

struct CellShown {
    class: &'static str,
    said: String,
    link: Option<String>,
}

impl<'m> MatrixPage<'m> {
    /// `pages` are the pages of the runs, in their order, for the cells to link to.
    pub(super) fn new(matrix: &'m Matrix, pages: &'m [String]) -> Self {
        let mut sections: Vec<Section> = Vec::new();
        for row in &matrix.rows {
            let id = &row.requirement.id;
            let name = format!("RFC {} §{}", id.rfc(), id.section());
            if sections.last().is_none_or(|section| section.name != name) {
                let id = format!("rfc{}-{}", id.rfc(), id.section());
                sections.push(Section { id, name, broken: 0, rows: Vec::new() });
            }
            let is_broken = row.cells.iter().any(Cell::is_broken);
            if let Some(section) = sections.last_mut() {
                section.broken += usize::from(is_broken);
                section.rows.push(RowShown::new(row, pages));
            }
        }
        let runs = matrix.runs.iter().zip(pages).enumerate();
        Self {
            style: STYLE,
            script: SCRIPT,
            script_hash: script_hash(),
            tool: crate::record::tool(),
            levels: LEVELS.iter().map(|(name, _)| *name).collect(),
            runs: runs
                .map(|(index, (run, page))| RunShown {
                    name: &run.name,
                    page,
                    software: &run.software,
                    counts: LEVELS
                        .iter()
                        .map(|(_, levels)| matrix.count(index, levels))
                        .map(|count| (count.kept, count.broken))
                        .collect(),
                    capabilities: run.capabilities.join(" "),
                })
                .collect(),
            differences: matrix.differences().map(|row| RowShown::new(row, pages)).collect(),
            sections,
        }
    }
}

impl<'m> RowShown<'m> {
    fn new(row: &'m Row, pages: &[String]) -> Self {
        let cells = row.cells.iter().zip(pages);
        Self {
            requirement: RequirementShown::new(&row.requirement),
            cells: cells.map(|(cell, page)| CellShown::new(cell, page)).collect(),
        }
    }
}

impl CellShown {
    fn new(cell: &Cell, page: &str) -> Self {
        Self {
            class: cell.verdict.map_or("", Verdict::name),
            said: said(cell),
            link: cell.case.as_ref().map(|case| format!("{page}#{case}")),
        }
    }
}
