// SPDX-License-Identifier: MIT
import t from 'tap';
import {pWords} from '../../verdict/p-words.js';

t.equal(pWords({pValue: 0.007936, adjusted: 0.0400026}), 'p=0.0079, adjusted 0.040');
t.equal(pWords({pValue: 0.0286, adjusted: 0.0286}), 'p=0.029', 'the only result');
t.equal(pWords({pValue: 0.999, adjusted: 1}), 'p=1');
t.equal(pWords({pValue: null, adjusted: 1}), '', 'nothing was compared');
