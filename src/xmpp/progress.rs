//! What the program is doing at the moment: for the error at the deadline, and for `-v`.

use std::cell::RefCell;

/// Told about each step before it is taken.
pub struct Progress {
    current: RefCell<String>,
    listener: Box<dyn Fn(&str)>,
}

impl Progress {
    /// `listener` hears every step, for instance “checking the password of juliet@chat.example”.
    pub fn new(listener: impl Fn(&str) + 'static) -> Self {
        Self { current: RefCell::new("starting".into()), listener: Box::new(listener) }
    }

    /// Nobody listens.
    pub fn silent() -> Self {
        Self::new(|_| ())
    }

    /// Says what is done from now on.
    pub fn step(&self, step: impl Into<String>) {
        let step = step.into();
        (self.listener)(&step);
        self.current.replace(step);
    }

    /// Says something about the step that is being done.
    pub fn tell(&self, text: &str) {
        (self.listener)(text);
    }

    /// The step that is not finished yet.
    pub fn current(&self) -> String {
        self.current.borrow().clone()
    }
}
