// A script's text -> its tree. Says with the line what is no Lua.
import { BINDING, isBinary, UNARY_BINDING } from './operators.ts';
import { FunctionScope } from './scope.ts';
import type { Block, Call, Expression, FunctionBody, Index, Statement, TableItem, Variable } from './syntax.ts';
import { LuaSyntaxError, type Token, type TokenKind, tokensOf } from './tokens.ts';

/** How deep what nests may nest: whoever runs it goes as deep. */
const DEPTH_MAX = 150;

/** The script as a function of nothing. */
export function parse(source: string): FunctionBody {
  return new Parser(tokensOf(source)).script();
}

const BLOCK_ENDS = new Set(['end', 'else', 'elseif', 'until']);

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #scope = new FunctionScope(null, true);

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  script(): FunctionBody {
    const block = this.#block();
    if (this.#token.kind !== 'end') this.#fail('the end of the script');
    return this.#scope.body('script', [], block);
  }

  get #token(): Token {
    return this.#tokens[this.#at]!;
  }

  #fail(wanted: string): never {
    const { kind, text, line } = this.#token;
    throw new LuaSyntaxError(line, `there is ${kind === 'end' ? text : JSON.stringify(text)}, and should be ${wanted}`);
  }

  #is(text: string): boolean {
    const { kind } = this.#token;
    return (kind === 'sign' || kind === 'word') && this.#token.text === text;
  }

  #takes(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): Token {
    const token = this.#token;
    if (!this.#takes(text)) this.#fail(JSON.stringify(text));
    return token;
  }

  #expectKind(kind: TokenKind, wanted: string): Token {
    const token = this.#token;
    if (token.kind !== kind) this.#fail(wanted);
    this.#at += 1;
    return token;
  }

  #name(): string {
    return this.#expectKind('name', 'a name').text;
  }

  #deeper<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new LuaSyntaxError(this.#token.line, 'it nests too deeply');
    const parsed = parse();
    this.#depth -= 1;
    return parsed;
  }

  #block(isLoop = false): Block {
    this.#scope.open(isLoop);
    const statements = this.#statements();
    this.#scope.close();
    return statements;
  }

  #statements(): Block {
    const statements: Statement[] = [];
    for (;;) {
      const { kind, text } = this.#token;
      if (kind === 'end' || (kind === 'word' && BLOCK_ENDS.has(text))) return statements;
      if (this.#takes(';')) continue;
      if (this.#takes('return')) {
        statements.push({ kind: 'return', values: this.#endsBlock() ? [] : this.#expressions() });
        this.#takes(';');
        return statements;
      }
      statements.push(this.#deeper(() => this.#statement()));
    }
  }

  #endsBlock(): boolean {
    const { kind, text } = this.#token;
    return kind === 'end' || this.#is(';') || (kind === 'word' && BLOCK_ENDS.has(text));
  }

  #statement(): Statement {
    const { line } = this.#token;
    if (this.#takes('local')) return this.#takes('function') ? this.#localFunction() : this.#locals();
    if (this.#takes('if')) return this.#if();
    if (this.#takes('for')) return this.#for(line);
    if (this.#takes('function')) return this.#function();
    if (this.#takes('do')) return { kind: 'do', block: this.#blockTo('end') };
    if (this.#takes('while')) {
      const condition = this.#expression();
      this.#expect('do');
      return { kind: 'while', condition, block: this.#blockTo('end', true) };
    }
    if (this.#takes('repeat')) return this.#repeat();
    if (this.#takes('break')) {
      if (!this.#scope.isInLoop()) throw new LuaSyntaxError(line, 'there is no loop to break');
      return { kind: 'break' };
    }
    if (this.#takes('goto')) {
      const label = this.#name();
      this.#scope.goTo(label, line);
      return { kind: 'goto', label };
    }
    if (this.#takes('::')) {
      const label = this.#name();
      this.#expect('::');
      this.#scope.label(label, line);
      return { kind: 'label', label };
    }
    return this.#assignOrCall();
  }

  #blockTo(end: string, isLoop = false): Block {
    const block = this.#block(isLoop);
    this.#expect(end);
    return block;
  }

  #locals(): Statement {
    const { line } = this.#token;
    const names = this.#names();
    const values = this.#takes('=') ? this.#expressions() : [];
    return { kind: 'local', locals: names.map((name) => this.#scope.declare(name, line)), values };
  }

  #names(): string[] {
    const names = [this.#name()];
    while (this.#takes(',')) names.push(this.#name());
    return names;
  }

  #localFunction(): Statement {
    const { line } = this.#token;
    const name = this.#name();
    const local = this.#scope.declare(name, line);
    return { kind: 'local-function', local, body: this.#functionBody(name, false) };
  }

  #if(): Statement {
    const arms: { condition: Expression; block: Block }[] = [];
    do {
      const condition = this.#expression();
      this.#expect('then');
      arms.push({ condition, block: this.#block() });
    } while (this.#takes('elseif'));
    const otherwise = this.#takes('else') ? this.#block() : [];
    this.#expect('end');
    return { kind: 'if', arms, otherwise };
  }

  /** What is local to the block can be asked for in its condition. */
  #repeat(): Statement {
    this.#scope.open(true);
    const block = this.#statements();
    this.#expect('until');
    const until = this.#expression();
    this.#scope.close();
    return { kind: 'repeat', block, until };
  }

  #for(line: number): Statement {
    const names = this.#names();
    const isCount = names.length === 1 && this.#is('=');
    this.#at += isCount ? 1 : 0;
    if (!isCount) this.#expect('in');
    const values = this.#expressions();
    if (isCount && (values.length < 2 || values.length > 3)) this.#fail('a first and a last value, and perhaps a step');
    this.#expect('do');
    this.#scope.open(true);
    const locals = names.map((name) => this.#scope.declare(name, line));
    const block = this.#blockTo('end', true);
    this.#scope.close();
    if (!isCount) return { kind: 'each', locals, values, block, line };
    const [start, limit, step = null] = values;
    return { kind: 'count', local: locals[0]!, start: start!, limit: limit!, step, block, line };
  }

  #function(): Statement {
    const { line } = this.#token;
    let name = this.#name();
    let target: Variable | Index = this.#scope.variable(name);
    let isMethod = false;
    while (!isMethod && (this.#is('.') || this.#is(':'))) {
      isMethod = this.#is(':');
      this.#at += 1;
      const key = this.#name();
      name = `${name}.${key}`;
      target = { kind: 'index', object: target, key: { kind: 'constant', value: key }, line };
    }
    const body = this.#functionBody(name, isMethod);
    return { kind: 'assign', targets: [target], values: [{ kind: 'function', body }] };
  }

  #functionBody(name: string, isMethod: boolean): FunctionBody {
    const { line } = this.#expect('(');
    const names = isMethod ? ['self'] : [];
    let isVariadic = false;
    while (!this.#is(')') && !isVariadic) {
      isVariadic = this.#takes('...');
      if (!isVariadic) names.push(this.#name());
      if (!this.#is(')')) {
        if (isVariadic) this.#fail('")"');
        this.#expect(',');
      }
    }
    this.#expect(')');
    const outer = this.#scope;
    const scope = new FunctionScope(outer, isVariadic);
    this.#scope = scope;
    scope.open();
    const parameters = names.map((parameter) => scope.declare(parameter, line));
    const block = this.#blockTo('end');
    scope.close();
    this.#scope = outer;
    return scope.body(name, parameters, block);
  }

  #assignOrCall(): Statement {
    const first = this.#suffixed();
    if (first.kind === 'call' && !this.#is('=') && !this.#is(',')) return { kind: 'call', call: first };
    const targets = [this.#assignable(first)];
    while (this.#takes(',')) targets.push(this.#assignable(this.#suffixed()));
    this.#expect('=');
    return { kind: 'assign', targets, values: this.#expressions() };
  }

  #assignable(expression: Expression): Variable | Index {
    switch (expression.kind) {
      case 'local':
      case 'captured':
      case 'global':
      case 'index':
        return expression;
      default:
        return this.#fail('a name before it, that a value can be given to');
    }
  }

  #expressions(): Expression[] {
    const expressions = [this.#expression()];
    while (this.#takes(',')) expressions.push(this.#expression());
    return expressions;
  }

  #expression(loosest = 0): Expression {
    return this.#deeper(() => this.#operation(loosest));
  }

  #operation(loosest: number): Expression {
    let left = this.#operand();
    for (;;) {
      const { kind, text, line } = this.#token;
      if ((kind !== 'sign' && kind !== 'word') || !isBinary(text)) return left;
      const [before, after] = BINDING.get(text)!;
      if (before <= loosest) return left;
      this.#at += 1;
      left = { kind: 'binary', operator: text, left, right: this.#expression(after), line };
    }
  }

  #operand(): Expression {
    const { line, kind, text, number } = this.#token;
    for (const operator of ['-', 'not', '#'] as const) {
      if (this.#takes(operator)) {
        return { kind: 'unary', operator, operand: this.#expression(UNARY_BINDING), line };
      }
    }
    if (kind === 'number' || kind === 'text') {
      this.#at += 1;
      return { kind: 'constant', value: kind === 'number' ? number : text };
    }
    if (this.#takes('nil')) return { kind: 'constant', value: undefined };
    if (this.#takes('true')) return { kind: 'constant', value: true };
    if (this.#takes('false')) return { kind: 'constant', value: false };
    if (this.#takes('function')) return { kind: 'function', body: this.#functionBody('a function', false) };
    if (this.#is('{')) return this.#table();
    if (this.#takes('...')) {
      if (!this.#scope.isVariadic) throw new LuaSyntaxError(line, '... stands in a function that does not take it');
      return { kind: 'varargs' };
    }
    return this.#suffixed();
  }

  #suffixed(): Expression {
    let expression = this.#primary();
    for (;;) {
      const { line } = this.#token;
      if (this.#takes('.')) {
        expression = { kind: 'index', object: expression, key: { kind: 'constant', value: this.#name() }, line };
      } else if (this.#takes('[')) {
        const key = this.#expression();
        this.#expect(']');
        expression = { kind: 'index', object: expression, key, line };
      } else if (this.#takes(':')) {
        expression = this.#call(expression, this.#name());
      } else if (this.#is('(') || this.#is('{') || this.#token.kind === 'text') {
        expression = this.#call(expression, null);
      } else {
        return expression;
      }
    }
  }

  #primary(): Expression {
    if (this.#takes('(')) {
      const of = this.#expression();
      this.#expect(')');
      return { kind: 'first', of };
    }
    return this.#scope.variable(this.#expectKind('name', 'a value').text);
  }

  #call(callee: Expression, method: string | null): Call {
    const { kind, text, line } = this.#token;
    if (kind === 'text') {
      this.#at += 1;
      return { kind: 'call', callee, method, args: [{ kind: 'constant', value: text }], line };
    }
    if (this.#is('{')) return { kind: 'call', callee, method, args: [this.#table()], line };
    this.#expect('(');
    const args = this.#is(')') ? [] : this.#expressions();
    this.#expect(')');
    return { kind: 'call', callee, method, args, line };
  }

  #table(): Expression {
    const { line } = this.#expect('{');
    const items: TableItem[] = [];
    while (!this.#takes('}')) {
      items.push(this.#item());
      if (!this.#takes(',') && !this.#takes(';') && !this.#is('}')) this.#fail('"}"');
    }
    return { kind: 'table', items, line };
  }

  #item(): TableItem {
    if (this.#takes('[')) {
      const key = this.#expression();
      this.#expect(']');
      this.#expect('=');
      return { key, value: this.#expression() };
    }
    const next = this.#tokens[this.#at + 1];
    if (this.#token.kind === 'name' && next?.kind === 'sign' && next.text === '=') {
      const key: Expression = { kind: 'constant', value: this.#name() };
      this.#expect('=');
      return { key, value: this.#expression() };
    }
    return { key: null, value: this.#expression() };
  }
}
