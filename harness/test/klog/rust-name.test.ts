// SPDX-License-Identifier: MIT
import t from 'tap';
import {rustName} from '../../klog/rust-name.js';

const NAMES = {
  _RNvNtCs3_4amod4work: 'amod::work',
  _RNvCs1_7___rustc17rust_begin_unwind: '__rustc::rust_begin_unwind',
  _RNvMs_Cs3kQ_8toy_rustNtB4_3Toy5write: 'toy_rust::Toy::write',
  _ZN4core9panicking9panic_fmt17h0123456789abcdefE: 'core::panicking::panic_fmt',
  // Nothing of it reads, or it is no name of Rust.
  _R: '_R',
  _RNvCs_99x: '_RNvCs_99x',
  _raw_spin_lock: '_raw_spin_lock',
  __ZN: '__ZN',
};

for (const [symbol, name] of Object.entries(NAMES)) t.equal(rustName(symbol), name, symbol);
