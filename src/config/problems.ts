/** A key of a mapping or an index of a list, from the top of the file. */
export type Path = readonly (string | number)[];

/** Something wrong with the file, said so that it can be put right. Lines and columns count from 1. */
export type Problem = {
  /** Where it is not in the file itself, but in one that this names. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  /** As `connections[0].settings.url`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** The same in French; left out of what is told to those only who write the file. */
  readonly french?: string;
};

/** Every problem of a configuration file at once, in the order of its lines. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly file: string;
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const ordered = [...problems].sort(
      (a, b) => compare(a.file ?? '', b.file ?? '') || a.line - b.line || a.column - b.column,
    );
    super(`${file} cannot be used: ${ordered.length === 1 ? 'a problem' : `${ordered.length} problems`}`);
    this.file = file;
    this.problems = ordered;
  }

  /** One line a problem, `file:line:column path: message`, as editors and terminals link them. */
  format(): string {
    return this.problems
      .map(({ file = this.file, line, column, path, message }) => {
        const where = `${file}:${line}:${column}`;
        return path === '' ? `${where} ${message}` : `${where} ${path}: ${message}`;
      })
      .join('\n');
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `connections[0].settings.url`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

export const startsWith = (path: Path, prefix: Path): boolean =>
  prefix.every((step, index) => path[index] === step);
