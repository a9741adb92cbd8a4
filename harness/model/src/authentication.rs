//! Who a client is: SASL PLAIN (RFC 4616).

use imap_grammar::Rfc5530Code;

use crate::User;
use crate::reply::Completion;

/// Which of the users has that name and that password.
pub(crate) fn user(users: &[User], name: &[u8], password: &[u8]) -> Result<usize, Completion> {
    let is_user = |user: &User| {
        user.name.as_bytes() == name && user.password.as_bytes() == password && !name.is_empty()
    };
    users.iter().position(is_user).ok_or_else(|| {
        Completion::no("The name or the password is wrong")
            .because(Rfc5530Code::AuthenticationFailed)
    })
}

/// Which of the users the message `[authzid] NUL authcid NUL passwd` proves the client to be.
pub(crate) fn plain(users: &[User], message: &[u8]) -> Result<usize, Completion> {
    let fields: Vec<_> = message.split(|&octet| octet == 0).collect();
    let &[identity, name, password] = fields.as_slice() else {
        return Err(Completion::no("That is no message of PLAIN")
            .because(Rfc5530Code::AuthenticationFailed));
    };
    let user = user(users, name, password)?;
    if identity.is_empty() || identity == name {
        Ok(user)
    } else {
        Err(Completion::no("Nobody may act for somebody else")
            .because(Rfc5530Code::AuthorizationFailed))
    }
}
