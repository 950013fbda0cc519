import { screenTarget } from './bench/target.ts';

/** What the suite is run on: a small record that speaks SIU both ways. */
export default [screenTarget];
