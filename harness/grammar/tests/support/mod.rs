//! What the tests of hostile messages share.

use std::time::Duration;

use cpu_time::ThreadTime;

/// The stack a thread has where nothing else is said.
const STACK: usize = 2 * 1024 * 1024;

/// Generous: what is linear takes a few milliseconds, what is quadratic takes hours. It is time of
/// the processor, so that it is the same however busy the machine is.
const SOON: Duration = Duration::from_secs(10);

/// Runs a test as a server's thread would, which has neither much stack nor much time.
pub fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let timed = || {
        let started = ThreadTime::now();
        test();
        started.elapsed()
    };
    let took = std::thread::Builder::new().stack_size(STACK).spawn(timed).unwrap().join().unwrap();
    assert!(took < SOON, "took {took:?}");
}
