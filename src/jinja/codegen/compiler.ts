import { didYouMean } from '../../error/index.js';
import { hasFilter, filterNames } from '../filters/index.js';
import { packPosition } from '../place.js';
import type { StaticDispatch, TemplateSource } from '../template-types.js';
import { hasTest, testNames } from '../is-tests/index.js';
import type {
  At,
  Body,
  Expression,
  ForStatement,
  MacroStatement,
  Parameter,
  Statement,
  Target,
} from '../syntax/ast.js';
import { nunjucksCompiler } from '../syntax/nunjucks.js';
import { syntaxError } from '../syntax/syntax-error.js';
import { callCode, conditionCode, expressionCode, type ExpressionContext } from './expression-code.js';
import { FunctionFrame } from './function-frame.js';
import { Names } from './names.js';
import type { CodeScope, MacroUse } from './scope.js';

/** What compiling a template gives: the body of a function of P (operations) and R (runtime). */
export interface CompiledCode {
  readonly code: string;
  readonly names: ReadonlySet<string>;
  readonly dispatches: readonly StaticDispatch[];
}

interface Compilers {
  compileTemplate(source: TemplateSource, body: Body, native: boolean): CompiledCode;
  compileMacro(source: TemplateSource, macro: MacroStatement): CompiledCode;
}

type Node<Name extends Statement['typename']> = Extract<Statement, { readonly typename: Name }>;

const quote = JSON.stringify;

/** The dialect's compiler: nunjucks' code buffer and dispatch, with Jinja's scopes and Python's values. */
function createCompilers(): Compilers {
  class DialectCompiler extends nunjucksCompiler() implements ExpressionContext {
    readonly #names = new Names();
    readonly dispatches: StaticDispatch[] = [];
    captured = '""';
    #function = new FunctionFrame();
    constructor(
      readonly source: TemplateSource,
      readonly native: boolean,
    ) {
      super(source.file, false);
      this.buffer = native ? null : 'out';
    }

    template(body: Body): CompiledCode {
      const statements = this.#bodyCode(body);
      const result = this.native ? 'parts' : 'out';
      const head = `${this.#function.declarations()}${this.#names.declarations()}const parts=[];`;
      const code = `${head}try{${this.#names.scope.declarations()}${statements}return ${result};}catch(e){throw R.failed(e,at,null);}`;
      return { code, names: this.#names.used, dispatches: this.dispatches };
    }

    macro(node: MacroStatement): CompiledCode {
      const code = `return ${this.#macroCode(node.name, node.parameters, node.body, true)};`;
      return { code, names: this.#names.used, dispatches: this.dispatches };
    }

    // ------------------------------------------------------------ what expressions ask

    name(name: string, path: string): string {
      return this.#names.code(name, path);
    }

    temporary(prefix = 't'): string {
      return this.#function.temporary(prefix);
    }

    noteDispatch(name: string, macroNamespace: string | null): void {
      this.dispatches.push([name, macroNamespace]);
    }

    checkFilter(name: string, at: At): void {
      if (hasFilter(name) || this.#names.scope.branchDepth > 0) return;
      this.#fail(`there is no filter '${name}'`, at, didYouMean(name, filterNames()));
    }

    checkTest(name: string, at: At): void {
      if (hasTest(name) || this.#names.scope.branchDepth > 0) return;
      this.#fail(`there is no test '${name}'`, at, didYouMean(name, testNames()));
    }

    // ------------------------------------------------------------ statements, by nunjucks' dispatch

    compileData(node: Node<'Data'>): void {
      this.#write(quote(node.text), true);
    }

    compilePrint(node: Node<'Print'>): void {
      this.#place(node);
      this.#write(this.#code(node.value), node.value.typename === 'Text');
    }

    compileIfBlock(node: Node<'IfBlock'>): void {
      this.#place(node);
      this._emit(`if(${conditionCode(node.condition, this)}){`);
      this.#branch(node.body);
      this._emit('}');
      if (node.otherwise === null) return;
      this._emit('else{');
      this.#branch(node.otherwise);
      this._emit('}');
    }

    compileSet(node: Node<'Set'>): void {
      this.#place(node);
      this.#assign(node.target, this.#code(node.value));
    }

    compileSetBlock(node: Node<'SetBlock'>): void {
      const text = this.#capture(node.body);
      this.#place(node);
      this.#assign(node.target, this.#filtered(node.filters, text));
    }

    compileFilterBlock(node: Node<'FilterBlock'>): void {
      const text = this.#capture(node.body);
      this.#place(node);
      this.#write(this.#filtered(node.filters, text), false);
    }

    compileDo(node: Node<'Do'>): void {
      this.#place(node);
      this._emit(`${this.#code(node.value)};`);
    }

    compileJump(node: Node<'Jump'>): void {
      if (this.#function.loopDepth === 0) this.#fail(`'${node.keyword}' stands outside of a loop`, node);
      this._emit(`${node.keyword};`);
    }

    compileWith(node: Node<'With'>): void {
      this.#place(node);
      const values = node.assignments.map(([, value]) => {
        const id = this.temporary();
        this._emit(`${id}=${this.#code(value)};`);
        return id;
      });
      this.#names.within((scope) => {
        const targets = node.assignments.map(([target], index) =>
          this.#declareTarget(scope, target, values[index] ?? ''),
        );
        const body = this.#bodyCode(node.body);
        this._emit(`{${targets.join('')}${scope.declarations()}${body}}`);
      });
    }

    compileCallBlock(node: Node<'CallBlock'>): void {
      const caller = this.#macroCode('caller', node.parameters, node.body, false);
      this.#place(node);
      this.#write(callCode(node.call, this, caller), false);
    }

    compileMacroBlock(node: MacroStatement): void {
      const code = this.#macroCode(node.name, node.parameters, node.body, false);
      // dbt renames a macro inside a template, so that its plain name goes on meaning the project's.
      this._emit(`${this.#names.scope.assign(`dbt_macro__${node.name}`).id}=${code};`);
    }

    compileLoop(node: ForStatement): void {
      this.#place(node);
      const items = this.#code(node.items);
      if (node.isRecursive) {
        const recurse = this.temporary('r');
        const outerFunction = this.#function;
        const outerBuffer = this.buffer;
        this.buffer = 'out';
        const frame = new FunctionFrame();
        this.#function = frame;
        const loop = this.#capturedCode(() => this.#loop(node, 'items', recurse));
        this.#function = outerFunction;
        this.buffer = outerBuffer;
        this._emit(`${recurse}=(items,depth)=>{${frame.declarations()}${loop}return out;};`);
        this.#write(`${recurse}(${items},0)`, true);
      } else this.#loop(node, items, null);
    }

    // ------------------------------------------------------------ parts of statements

    #loop(node: ForStatement, items: string, recurse: string | null): void {
      const item = `i${this.#names.count}`;
      const source = node.condition === null ? items : this.#selected(node, node.condition, items, item);
      const [head, body, loopVariable] = this.#names.within((scope) => {
        const loop = scope.declare('loop');
        const targets = this.#declareTarget(scope, node.target, item);
        this.#function.loopDepth += 1;
        const inner = this.#bodyCode(node.body);
        this.#function.loopDepth -= 1;
        return [targets, `${scope.declarations()}${inner}`, loop.id];
      });
      const usesLoop = recurse !== null || body.includes(loopVariable);
      const iterated = usesLoop
        ? `R.loop(${source},${recurse === null ? '0,null' : `depth,${recurse}`})`
        : `P.iterate(${source},at=${packPosition(node.lineno, node.colno)})`;
      const otherwise = node.otherwise === null ? null : this.#scopedBody(node.otherwise);
      const empty = otherwise === null ? null : `e${this.#names.count}`;
      if (empty !== null) this._emit(`{let ${empty}=true;`);
      this._emit(
        usesLoop
          ? `{const ${loopVariable}=${iterated};for(const ${item} of ${loopVariable}){`
          : `{for(const ${item} of ${iterated}){`,
      );
      this._emit(`${empty === null ? '' : `${empty}=false;`}${head}${body}}}`);
      if (empty !== null) this._emit(`if(${empty}){${otherwise ?? ''}}}`);
    }

    /** The items for which the loop's condition holds; asked one by one, so that the body may change what it reads. */
    #selected(node: ForStatement, condition: Expression, items: string, item: string): string {
      return this.#names.within((scope) => {
        const targets = this.#declareTarget(scope, node.target, item);
        return `P.selected(${items},(${item})=>{${targets}return ${conditionCode(condition, this)};})`;
      });
    }

    #macroCode(name: string, parameters: readonly Parameter[], body: Body, isOutermost: boolean): string {
      const use: MacroUse = { caller: false, kwargs: false, varargs: false };
      const outer = { function: this.#function, buffer: this.buffer, scope: this.#names.scope };
      const frame = new FunctionFrame();
      this.#function = frame;
      this.buffer = 'out';
      const scope = this.#names.push(use);
      // A parameter has no value until its turn: a default may look at those before it.
      const variables = parameters.map((parameter) => scope.declare(parameter.name));
      for (const variable of variables) variable.isSure = false;
      const defaults = parameters.map((parameter, index) => {
        const variable = variables[index] ?? scope.declare(parameter.name);
        const value =
          parameter.byDefault === null
            ? `R.missingParameter(${quote(parameter.name)})`
            : this.#code(parameter.byDefault);
        variable.isSure = true;
        return `if(${variable.id}===undefined)${variable.id}=${value};`;
      });
      const statements = this.#bodyCode(body);
      const declared = [...variables.map((variable, index) => `${variable.id}=b[${index}]`)];
      const head = `${frame.declarations()}${declared.length === 0 ? '' : `let ${declared.join(',')};`}`;
      const free = isOutermost ? this.#names.declarations() : '';
      this.#function = outer.function;
      this.buffer = outer.buffer;
      this.#names.scope = outer.scope;
      const leave = `catch(e){return R.left(e,at,${quote(name)},${isOutermost});}`;
      const inner = `${head}${free}try{${defaults.join('')}${scope.declarations()}${statements}return out;}${leave}`;
      const signature = quote({ name, parameters: parameters.map((parameter) => parameter.name), ...use });
      return `R.macro(${signature},(b,varargs,kwargs,caller)=>{${inner}})`;
    }

    #assign(target: Target, value: string): void {
      if (target.typename === 'Name') {
        // The name's variable is found after the value's code: the value may still read the outer one.
        this._emit(`${this.#names.scope.assign(target.name).id}=${value};`);
      } else if (target.typename === 'Attribute') {
        this._emit(`P.setAttribute(${this.#code(target.target)},${quote(target.name)},${value});`);
      } else {
        const id = this.temporary();
        this._emit(`${id}=P.unpack(${value},${target.items.length});`);
        target.items.forEach((item, index) => this.#assign(item, `${id}[${index}]`));
      }
    }

    /** Code that declares a loop's targets in a new scope and gives them their values. */
    #declareTarget(scope: CodeScope, target: Target, value: string): string {
      if (target.typename === 'Name') return `let ${scope.declare(target.name).id}=${value};`;
      if (target.typename === 'Attribute') return this.#fail("can't assign to an attribute here", target);
      const id = `${value.replace(/\W/g, '_')}u`;
      const items = target.items.map((item, index) => this.#declareTarget(scope, item, `${id}[${index}]`));
      return `const ${id}=P.unpack(${value},${target.items.length});${items.join('')}`;
    }

    #filtered(filters: Expression, text: string): string {
      const outer = this.captured;
      this.captured = text;
      const code = this.#code(filters);
      this.captured = outer;
      return code;
    }

    /** Emits a body whose output goes to a variable of its own; returns the variable. */
    #capture(body: Body): string {
      const id = this.temporary('c');
      const outer = this.buffer;
      this.buffer = id;
      this._emit(`${id}="";{${this.#scopedBody(body)}}`);
      this.buffer = outer;
      return id;
    }

    #branch(body: Body): void {
      this.#names.scope.branchDepth += 1;
      for (const statement of body.children) this.compile(statement, null);
      this.#names.scope.branchDepth -= 1;
    }

    #scopedBody(body: Body): string {
      return this.#names.within((scope) => {
        const code = this.#bodyCode(body);
        return `${scope.declarations()}${code}`;
      });
    }

    #bodyCode(body: Body): string {
      return this.#capturedCode(() => {
        for (const statement of body.children) this.compile(statement, null);
      });
    }

    #capturedCode(emit: () => void): string {
      const outer = this.codebuf;
      this.codebuf = [];
      emit();
      const code = this.codebuf.join('');
      this.codebuf = outer;
      return code;
    }

    #code(node: Expression): string {
      return expressionCode(node, this);
    }

    #write(code: string, isText: boolean): void {
      if (this.buffer === null) this._emit(`parts.push(${code});`);
      else this._emit(isText ? `${this.buffer}+=${code};` : `${this.buffer}+=P.text(${code});`);
    }

    #place({ lineno, colno }: At): void {
      this._emit(`at=${packPosition(lineno, colno)};`);
    }

    #fail(message: string, at: At, hint?: string): never {
      throw syntaxError(this.source, message, at.lineno, at.colno, hint);
    }
  }
  return {
    compileTemplate: (source, body, native) => new DialectCompiler(source, native).template(body),
    compileMacro: (source, macro) => new DialectCompiler(source, false).macro(macro),
  };
}

let compilers: Compilers | undefined;

/** The dialect's compilers; nunjucks is loaded by the first call. */
export function dialectCompilers(): Compilers {
  compilers ??= createCompilers();
  return compilers;
}
