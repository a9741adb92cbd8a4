//! Which requirements a scenario names, and whether they are known.

use std::collections::BTreeSet;

use super::{Branch, Check, Diagnostics, Expect, Problem, Scenario, Spanned, Step};
use crate::requirement::{Catalogue, RequirementId};

impl Scenario {
    /// The requirements it proves: those of its header and those its lines name.
    pub fn requirements(&self) -> BTreeSet<&RequirementId> {
        self.named().into_iter().map(|id| &id.value).collect()
    }

    fn named(&self) -> Vec<&Spanned<RequirementId>> {
        let mut named = self.header.requirements.iter().collect();
        in_steps(&self.steps, &mut named);
        named
    }

    /// Checks that every requirement it names is in the catalogue.
    ///
    /// # Errors
    /// Those that are not, each with the one that is most like it.
    pub fn check_requirements(&self, catalogue: &Catalogue) -> Result<(), Diagnostics> {
        let unknown = self.named().into_iter().filter(|id| catalogue.get(&id.value).is_none());
        let problems: Vec<_> = unknown
            .map(|Spanned { value: id, span }| {
                let message = format!("the requirement `{id}` is not in the catalogue");
                let problem = Problem::new(span.clone(), message).label("unknown requirement");
                match catalogue.nearest(&id.to_string()) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem,
                }
            })
            .collect();
        match problems.is_empty() {
            true => Ok(()),
            false => Err(Diagnostics::new(&self.path, &self.source, problems)),
        }
    }
}

fn in_steps<'s>(steps: &'s [Spanned<Step>], named: &mut Vec<&'s Spanned<RequirementId>>) {
    for step in steps {
        match &step.value {
            Step::Exchange(exchange) => in_expects(&exchange.expects, named),
            Step::Given(steps) | Step::Where(steps) => in_steps(steps, named),
            Step::StartTls { requirement, .. }
            | Step::Closes { requirement, .. }
            | Step::Check(Check { requirement, .. }) => named.push(requirement),
            Step::Barrier | Step::Connect { .. } | Step::Login { .. } | Step::Disconnect { .. } => {
            }
        }
    }
}

fn in_expects<'s>(expects: &'s [Spanned<Expect>], named: &mut Vec<&'s Spanned<RequirementId>>) {
    for expect in expects {
        match &expect.value {
            Expect::Response { requirement, .. } => named.push(requirement),
            Expect::InOrder(expects) | Expect::Exactly(expects) => in_expects(expects, named),
            Expect::Either(branches) => {
                for Branch { requirement, expects, .. } in branches {
                    named.extend(requirement);
                    in_expects(expects, named);
                }
            }
        }
    }
}
