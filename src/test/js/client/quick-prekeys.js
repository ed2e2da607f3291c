/**
 * One-time prekeys in tests of the client: to make and store a hundred of them is most of the work
 * that an account is. Tests that are about their number say so.
 */

import { stock } from '/client/prekeys.js';

stock.oneTimeMax = 8;
