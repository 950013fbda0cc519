import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { compile, ExpressionProblem, LEFT_OUT, NotEvaluated } from '../../src/described/expression.ts';
import { FUNCTIONS, pathIn } from '../../src/described/syntax-tree.ts';
import { compileTemplate } from '../../src/described/template.ts';

const failure = async (text: string, input: unknown = {}): Promise<string> => {
  try {
    return JSON.stringify(await compile(text).evaluate(input)) ?? 'undefined';
  } catch (error) {
    if (!(error instanceof NotEvaluated)) throw error;
    return `${error.isUnbounded ? 'unbounded' : 'failed'}: ${error.message}`;
  }
};
const problem = (text: string, compiling: (text: string) => unknown = compile): string => {
  try {
    compiling(text);
    return 'none';
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    return `${error.position}: ${error.message}`;
  }
};

describe('an expression of a description', function () {
  this.timeout(10_000);

  it('is bounded in time, in depth and in its lists', async () => {
    expect(await failure('($f := function($x) { $f($x + 1) + 1 }; $f(1))')).to.equal(
      'unbounded: calls itself more than 500 times over',
    );
    expect(await failure('($f := function($x) { $f($x + 1) }; $f(1))')).to.equal(
      'unbounded: takes more than 1000 ms',
    );
    expect(await failure('[1..200000]')).to.equal('unbounded: makes a list of more than 100000');
    expect(
      await failure('($f := function($t, $n) { $n = 0 ? $t : $f($t & $t, $n - 1) }; $f("aaaaaaaa", 40))'),
    ).to.equal('unbounded: makes a text that is too long');
    expect(await failure('[1..20000000]')).to.equal('unbounded: makes a list that is too long');
  });

  it('reads its input and nothing else: no clock, no dice, no text that becomes an expression', async () => {
    for (const text of ['$now()', '$millis()', '$random()', '$shuffle([1, 2])', '$eval("1")'])
      expect(await failure(text), text).to.equal('failed: cannot be computed (T1006)');
    for (const text of ['constructor', '__proto__', 'a.constructor', 'a.toString', '$string.constructor'])
      expect(await failure(text, { a: 'x' }), text).to.equal('undefined');
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
    await failure('$ ~> |__proto__|{"polluted": 1}|', { a: 1 });
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });

  it('fails by a code, never by a message that quotes what it read', async () => {
    expect(await failure('$number(nam)', { nam: 'TREF01010101' })).to.equal(
      'failed: cannot be computed (D3030)',
    );
    expect(await failure('$error(nam)', { nam: 'TREF01010101' })).to.equal(
      'failed: cannot be computed (D3137)',
    );
    expect(await failure('$sum(nam)', { nam: ['TREF01010101'] })).to.equal(
      'failed: cannot be computed (T0412)',
    );
  });

  it('says where it is none', () => {
    expect(problem('a b c')).to.equal('2: is no JSONata: syntax error: "b"');
    expect(problem('foo(')).to.equal('4: is no JSONata: expected ")" before end of expression');
    expect(problem('"abc')).to.equal(
      '4: is no JSONata: string literal must be terminated by a matching quote',
    );
    expect(problem('x'.repeat(4_001))).to.equal('0: has more than 4000 characters');
    expect(problem('('.repeat(3_900))).to.match(/^\d+: is no JSONata: /);
  });

  it('tells which names it takes of its input, and where they stand', () => {
    const names = (text: string): string[] =>
      compile(text).uses.names.map(
        ({ name, inner, position }) => `${name}${inner === null ? '' : `.${inner}`}@${position}`,
      );
    expect(names('settings.site & x[y = 1].z')).to.deep.equal(['settings.site@0', 'x.z@16']);
    expect(names('a ? [b, { "k": c }] : $uppercase(d)')).to.deep.equal(['a@0', 'b@5', 'c@15', 'd@33']);
    expect(names('($v := a; $v.b; -e)')).to.deep.equal(['a@7', 'e@17']);
    expect(names('$map(list, function($x) { $x.inner })')).to.deep.equal(['list@5']);
  });
});

describe('the syntax tree of an expression', () => {
  const variables = (text: string): string[] =>
    compile(text).uses.variables.map(({ name, position }) => `${name}@${position}`);

  it('tells which variables it does not bind itself, and where they stand', () => {
    expect(variables('$foo(a) + $b')).to.deep.equal(['foo@0', 'b@10']);
    expect(variables('($v := 1; $v + $w)')).to.deep.equal(['w@15']);
    expect(variables('$map(a, function($x, $i){ $x + $y })')).to.deep.equal(['map@0', 'y@31']);
    expect(variables('a@$x.b#$i[$i=1].$x.$$.c.$')).to.deep.equal([]);
    expect(variables('x.{ "k": $q } ~> $sum')).to.deep.equal(['q@9', 'sum@17']);
    expect(variables('a^(>$z) ~> |b|{"c": $n}|')).to.deep.equal(['z@4', 'n@20']);
  });

  it('tells by which tables it translates', () => {
    expect(compile(`a ? [$theirs('reason', a).{ "uid": $ }] : $theirs("mode", b)`).uses.tables).to.deep.equal(
      ['reason', 'mode'],
    );
    expect(compile('$theirs(a, b)').uses.tables).to.deep.equal([]);
    expect(compile("$local(a, 'DD') & $local(b, c)").uses.formats).to.deep.equal([
      { text: 'DD', position: 11 },
    ]);
  });

  it('tells which expressions are a path of names, and those are looked up as JSONata does', async () => {
    for (const text of ['a', 'a.b.c', '`a b`.c', 'a . b'])
      expect(pathIn(jsonata(text).ast()), text).to.not.equal(null);
    for (const text of [
      '$',
      '$.a',
      'a[0]',
      'a.b[]',
      'a[b=1]',
      '"a"',
      'a.*',
      'a.%',
      'a@$x.b',
      'a#$i',
      'a{b: c}',
      'a^(b)',
      'a.(b)',
      '1',
      '$a.b',
    ])
      expect(pathIn(jsonata(text).ast()), text).to.equal(null);
    const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'length');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, 0, 1, '', 'x', true, false),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.array(fc.tuple(key, tie('tree')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, fc.array(key, { minLength: 1, maxLength: 3 }), async (made, path) => {
        // As it comes from a platform.
        const input: unknown = JSON.parse(JSON.stringify(made));
        const text = path.map((name) => `\`${name}\``).join('.');
        const plain = (value: unknown): unknown =>
          value === undefined ? undefined : JSON.parse(JSON.stringify(value));
        expect(plain(await compile(text).evaluate(input))).to.deep.equal(
          plain(await jsonata(text).evaluate(input)),
        );
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('has every function of JSONata but those that are left out', async () => {
    const source = await readFile(new URL('../../node_modules/jsonata/jsonata.js', import.meta.url), 'utf8');
    const all = [...source.matchAll(/staticFrame\.bind\('(\w+)'/g)].map(([, name]) => name);
    expect(all.length).to.be.greaterThan(50);
    const left = new Set<unknown>(LEFT_OUT);
    expect([...new Set(all)].filter((name) => !left.has(name)).sort()).to.deep.equal([...FUNCTIONS].sort());
  });
});

describe('a template of a description', () => {
  const fill = (text: string, input: unknown, written?: (value: string) => string) =>
    compileTemplate(text).fill(input, {}, written);

  it('puts values in, written as its place wants it', async () => {
    expect(await fill('/a/{{ x }}/b/{{y}}', { x: 'é/', y: 2 }, encodeURIComponent)).to.equal(
      '/a/%C3%A9%2F/b/2',
    );
    expect(await fill('plain', {})).to.equal('plain');
  });

  it('is nothing where one of its values is nothing', async () => {
    expect(await fill('"{{ x }}"', { x: null })).to.equal(null);
    expect(await fill('{{ x }}{{ y }}', { x: 1 })).to.equal(null);
  });

  it('stands for the value of its one expression, whatever that is', async () => {
    const value = (text: string, input: unknown) => compileTemplate(text).value(input, {});
    expect(await value('{{ x }}', { x: [1, 2] })).to.deep.equal([1, 2]);
    expect(await value('{{ x }}', { x: null })).to.equal(null);
    expect(await value('{{ x }}', {})).to.equal(undefined);
    expect(await value('at {{ x }}', { x: 12 })).to.equal('at 12');
  });

  it('may have }} in an expression', async () => {
    expect(await fill('{{ {"a": {"b": x}}.a.b }}!', { x: 1 })).to.equal('1!');
  });

  it('says where it is wrong', () => {
    expect(problem('/a/{{ x ', compileTemplate)).to.equal('3: has {{ without }}');
    expect(problem('/a/{{ x y }}', compileTemplate)).to.equal('8: is no JSONata: syntax error: "y"');
  });
});
