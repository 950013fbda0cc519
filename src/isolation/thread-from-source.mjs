// The thread where Passerelle runs from its source: `--import tsx` is for the main thread alone. Not part of what is built.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
